"""Runners that wait for work at the embedded server: a connection each, and no thread."""

import http.client
import json
import threading
import time
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from tests.agents.machine import AgentPeer
from tests.conftest import make_app, serving, test_settings
from tests.people import TESTS
from tests.waiting import eventually
from webapp.bell import Bell
from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.models.runner import Runner
from webapp.models.runner_moves import remove_runner
from webapp.models.submission import submit_run
from webapp.models.transaction import writing
from webapp.models.user import user_named
from webapp.waiting_room import WaitingRoom
from webapp.waits import Wait

EMPTY = {"jobs": [], "orders": [], "drain": False}
MANY = 30


class Waiting:
    """The poll of a runner on a connection of its own."""

    def __init__(self, live, machine_id="ab" * 32):
        self.peer = AgentPeer(live.app, machine_id).register().start()
        self.connection = http.client.HTTPConnection(urlsplit(live.url).netloc, timeout=30)

    def poll(self, slots=1):
        headers = {"Authorization": f"Bearer {self.peer.credential}"}
        headers["Runner-Session"] = self.peer.session
        body = json.dumps({"holding": [], "slots": slots}).encode()
        self.connection.request("POST", "/agents/v1/poll", body, headers)

    def answer(self):
        """Status and content."""
        response = self.connection.getresponse()
        return response.status, json.loads(response.read())


@pytest.fixture
def come():
    """Let a runner come to a server."""
    with ExitStack() as connections:

        def call(live, machine_id="ab" * 32):
            waiting = Waiting(live, machine_id)
            connections.callback(waiting.connection.close)
            return waiting

        yield call


@pytest.fixture
def start(template, tmp_path):
    """A server whose polls wait so many seconds."""
    with ExitStack() as servers:

        def call(seconds):
            app = make_app(template, test_settings(tmp_path, poll_seconds=seconds))
            live = servers.enter_context(serving(app))
            servers.enter_context(app.app_context())
            return live

        yield call


@pytest.fixture
def live(start):
    return start(20)


def submit(count=1):
    with writing():
        submit_run(TESTS, user_named("max").id, [JobSpec("true")] * count, now())


def wait(live, *waiting):
    """Until these polls wait, and hold no thread."""
    dispatcher, sockets = live.server._waitress.task_dispatcher, live.server._waitress._map
    for each in waiting:
        each.poll()
    eventually(lambda: len(sockets.aside) == len(waiting), what="they are set aside")
    eventually(lambda: len(dispatcher._idle) == dispatcher._hands, what="no thread is busy")


def test_those_that_wait_hold_no_thread_and_get_what_comes(live, come):
    waiting = [come(live, f"{n:064x}") for n in range(MANY)]
    wait(live, *waiting)
    assert live.server._waitress.task_dispatcher._hands < MANY
    submit(MANY)
    answers = [each.answer() for each in waiting]
    assert [(status, len(said["jobs"])) for status, said in answers] == [(200, 1)] * MANY
    eventually(lambda: not live.server._waitress._map.aside, what="all sockets are looked at")


def test_without_news_the_answer_comes_when_the_time_is_over(start, come):
    live = start(0.3)
    waiting = come(live)
    for _ in range(3):  # on one connection, which can be used again
        waiting.poll()
        assert waiting.answer() == (200, EMPTY)
    assert not live.app.extensions["wakeups"].someone_waits()


class Connection:
    """What the room knows of one."""

    def __init__(self):
        self.answered = threading.Event()

    def service(self):
        self.answered.set()


class LateBell(Bell):
    """Told whom to call only when the room has looked at what it holds."""

    def __init__(self, room):
        super().__init__()
        self._room = room

    def call(self, call):
        eventually(lambda: not self._room._times, what="it holds nothing whose time is over")
        super().call(call)


def test_one_whose_time_is_over_when_it_comes_is_answered():
    """As after a bell that rang in the last moment."""
    room, connection = WaitingRoom(), Connection()
    room.take(connection, Wait(until=time.monotonic(), bell=LateBell(room)))
    assert connection.answered.wait(10)
    room.close(10)


def test_the_times_of_many_are_kept(start, come):
    live = start(0.3)
    waiting = [come(live, f"{n:064x}") for n in range(MANY)]
    for each in waiting:
        each.poll()
    assert [each.answer() for each in waiting] == [(200, EMPTY)] * MANY


def test_who_lost_its_right_meanwhile_is_refused(live, come):
    waiting = come(live)
    wait(live, waiting)
    with writing():
        remove_runner(TESTS, Runner.query.one(), "no longer needed", now())
    status, said = waiting.answer()
    assert (status, said["code"]) == (403, "runner_removed")
    assert not live.app.extensions["wakeups"]._tickets


def test_a_request_that_was_sent_behind_it_is_answered_after_it(live, come):
    waiting = come(live)
    waiting.poll()
    connected = waiting.connection.sock
    connected.sendall(b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n")
    submit()
    received = b""
    while received.count(b"HTTP/1.1 200") < 2:
        piece = connected.recv(65536)
        assert piece, f"hung up after {received!r}"
        received += piece
    first, second = received.split(b"HTTP/1.1 200")[1:]
    assert b'"commands"' in first and b'"commands"' not in second


def test_one_that_hung_up_meanwhile_harms_nobody(start, come, caplog):
    live = start(0.3)
    gone, other = come(live, "cd" * 32), come(live)
    gone.poll()
    gone.connection.close()
    other.poll()
    assert other.answer() == (200, EMPTY)
    eventually(lambda: not live.app.extensions["wakeups"]._tickets, what="both have left")
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


def test_when_the_server_stops_all_of_them_are_answered(live, come):
    waiting = [come(live, f"{n:064x}") for n in range(MANY)]
    wait(live, *waiting)
    live.server.stop()
    assert [each.answer() for each in waiting] == [(200, EMPTY)] * MANY
