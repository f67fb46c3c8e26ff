import io

import pytest

from runner_client.wire import WireError, read_response


def answer(text: bytes):
    return read_response(io.BytesIO(text))


def test_it_reads_a_body_by_its_length():
    got = answer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: y\r\n\r\n{}rest")
    assert (got.status, got.body, got.headers["x"]) == (200, b"{}", "y")


def test_it_reads_a_body_in_chunks():
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert answer(head + b"3;a=b\r\nabc\r\n2\r\nde\r\n0\r\n\r\n").body == b"abcde"


def test_a_body_without_a_length_ends_with_the_connection():
    got = answer(b"HTTP/1.0 502 Bad\r\n\r\n<html>")
    assert (got.body, got.headers["connection"]) == (b"<html>", "close")


def test_an_interim_answer_is_passed_over():
    assert answer(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No\r\n\r\n").status == 204


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"HTT",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
        b"HTTP/1.1 " + b"9" * 5000 + b" OK\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"f" * 5000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 300 + b"\r\n",
    ],
)
def test_what_is_no_answer_is_an_error_and_never_a_hang(text):
    with pytest.raises(WireError):
        answer(text)
