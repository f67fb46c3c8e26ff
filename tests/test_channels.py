"""Connections whose request is being answered are set aside."""

import http.client
import json
from urllib.parse import urlsplit

import pytest

from tests.agents.machine import AgentPeer
from tests.conftest import make_app, serving, test_settings
from tests.waiting import eventually


@pytest.fixture
def live(template, tmp_path):
    app = make_app(template, test_settings(tmp_path, poll_seconds=20))
    with serving(app) as live:
        yield live


def waiting_poll(live, peer):
    """A connection in whose poll the runner waits."""
    connection = http.client.HTTPConnection(urlsplit(live.url).netloc, timeout=30)
    headers = {"Authorization": f"Bearer {peer.credential}", "Runner-Session": peer.session}
    body = json.dumps({"holding": [], "slots": 1}).encode()
    connection.request("POST", "/agents/v1/poll", body, headers)
    return connection


def test_the_loop_does_not_look_at_a_runner_that_waits_and_still_counts_it(live):
    sockets = live.server._waitress._map
    with live.app.app_context():
        peer = AgentPeer(live.app).register().start()
    before = len(sockets)
    first = waiting_poll(live, peer)
    eventually(lambda: len(sockets.aside) == 1, what="its connection is set aside")
    assert len(sockets) == before + 1
    assert set(sockets).isdisjoint(sockets.aside)
    newer = waiting_poll(live, peer)  # which ends the older one
    assert json.loads(first.getresponse().read())["jobs"] == []
    first.request("GET", "/healthz")  # the same connection is looked at again
    assert first.getresponse().read()
    first.close()
    newer.close()


def test_a_large_answer_arrives_whole(live):
    connection = http.client.HTTPConnection(urlsplit(live.url).netloc, timeout=30)
    connection.request("GET", "/runner/dstack-runner.pyz")
    answer = connection.getresponse()
    assert len(answer.read()) == int(answer.headers["Content-Length"])
    connection.close()


def test_two_requests_that_came_together_are_both_answered(live):
    connection = http.client.HTTPConnection(urlsplit(live.url).netloc, timeout=30)
    connection.connect()
    request = b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n"
    connection.sock.sendall(request + request)
    received = b""
    while received.count(b"HTTP/1.1 200") < 2:
        piece = connection.sock.recv(65536)
        assert piece, f"hung up after {received!r}"
        received += piece
    connection.close()
