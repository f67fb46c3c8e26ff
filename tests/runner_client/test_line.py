"""What a job's own thread asks of the server: answers in JSON and in raw bytes."""

import pytest

from runner_client.caller import Caller
from runner_client.channel import Refused
from runner_client.config_file import Config
from runner_client.contact import Contact
from runner_client.control import Control
from runner_client.ending import aborted, stopped
from runner_client.line import Ended, Line
from runner_client.session import Session, Terms
from tests.runner_client.peer import EMPTY, GATEWAY, SHORT, refusal

PATH = "jobs/0123456789ab/archive"
HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>"


@pytest.fixture
def control():
    return Control()


@pytest.fixture
def line(peer, control):
    config = Config(peer.url, "r", "peer", "c")
    session = Session(config, "one", Terms())
    line = Line(lambda: Caller(session, Contact(peer.url)), control)
    yield line
    line.close()


def test_raw_bytes_arrive_as_they_are(peer, line):
    peer.files[PATH] = bytes(range(256)) * 100
    assert line.fetch(PATH, {"attempt": 1}) == peer.files[PATH]
    assert peer.made(PATH) == [{"attempt": 1}]


@pytest.mark.parametrize("fault", [GATEWAY, EMPTY, SHORT, HTML, "hang up"])
def test_what_is_not_raw_bytes_is_waited_out(peer, line, fault):
    peer.files[PATH] = b"right"
    peer.faults[PATH] = [fault]
    assert line.fetch(PATH, {"attempt": 1}) == b"right"
    assert len(peer.made(PATH)) == 2


def test_while_the_server_is_away_the_job_only_waits(peer, line, control):
    seen = []
    peer.files[PATH] = b"at last"
    peer.faults[PATH] = [GATEWAY, GATEWAY]
    body = line._while_wanted({"attempt": 1})

    def looked_at():
        asked = body()
        seen.append(control.waits)
        return asked

    line._while_wanted = lambda _: looked_at
    assert line.fetch(PATH, {}) == b"at last"
    assert seen == [False, True, True]
    assert not control.waits


def test_a_refusal_is_raised_with_its_code(peer, line):
    peer.faults[PATH] = [refusal(409, "old_attempt")]
    with pytest.raises(Refused) as raised:
        line.fetch(PATH, {"attempt": 1})
    assert raised.value.code == "old_attempt"


def test_an_order_ends_it_before_the_next_try(peer, line, control):
    control.ask(stopped(0, 1))
    with pytest.raises(Ended):
        line.fetch(PATH, {"attempt": 1})
    assert peer.made(PATH) == []


def test_after_the_last_command_only_an_abort_ends_it(peer, line, control):
    peer.files[PATH] = b"kept"
    line.has_run = True
    control.ask(stopped(0, 1))
    assert line.fetch(PATH, {"attempt": 1}) == b"kept"
    control.ask(aborted(0))
    with pytest.raises(Ended):
        line.fetch(PATH, {"attempt": 1})
