"""Sending bytes of a file elsewhere."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from runner_client.artifacts.puts import NotPut, put


class Store(BaseHTTPRequestHandler):
    """Answers every PUT with the next status of `statuses`; 0: hangs up."""

    statuses: list
    got: list

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((self.path, self.headers, body))
        status = next(iter(self.statuses[:1]), 500)  # that it came at all is seen in `got`
        del self.statuses[:1]
        if status:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()
        self.close_connection = True

    def log_message(self, *_):
        """Quiet."""


@pytest.fixture
def store():
    class Mine(Store):
        statuses, got = [], []

    with HTTPServer(("127.0.0.1", 0), Mine) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        Mine.url = f"http://127.0.0.1:{server.server_address[1]}/bucket/a%20b?X-Sig=1%2F2"
        yield Mine
        server.shutdown()
        thread.join()


@pytest.fixture
def file(tmp_path):
    (tmp_path / "file").write_bytes(b"0123456789" * 100_000)
    with (tmp_path / "file").open("rb", buffering=0) as file:
        yield file


def wanted(store, **more):
    return {
        "url": store.url,
        "headers": {"If-None-Match": "*"},
        "offset": 5,
        "size": 700_000,
        **more,
    }


def test_exactly_those_bytes_go_with_those_headers(store, file):
    store.statuses.append(200)
    put(wanted(store), file, lambda: None)
    ((path, headers, body),) = store.got
    assert path == "/bucket/a%20b?X-Sig=1%2F2" and headers["If-None-Match"] == "*"
    assert body == (b"0123456789" * 100_000)[5:700_005]
    assert headers["Host"] == store.url.split("/")[2] and "Authorization" not in headers


def test_what_is_there_already_is_success(store, file):
    store.statuses.append(412)
    put(wanted(store, size=0), file, lambda: None)


@pytest.mark.parametrize(
    ("status", "words", "passing"),
    [
        (403, "HTTP 403", False),
        (307, "HTTP 307", False),
        (503, "HTTP 503", True),
        (0, "ended", True),
    ],
)
def test_a_refusal_says_whether_it_may_pass(store, file, status, words, passing):
    store.statuses.append(status)
    with pytest.raises(NotPut, match=words) as refused:
        put(wanted(store), file, lambda: None)
    assert refused.value.passing is passing


def test_nobody_there_may_pass(file):
    nobody = {"url": "http://127.0.0.1:9/x", "offset": 0, "size": 1}
    with pytest.raises(NotPut) as refused:
        put(nobody, file, lambda: None)
    assert refused.value.passing


def test_an_order_ends_it_between_two_pieces(store, file):
    class Enough(Exception):
        pass

    def enough():
        raise Enough

    with pytest.raises(Enough):
        put(wanted(store), file, enough)
