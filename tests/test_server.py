"""The embedded server ends: at once, with every answer given."""

import json
import socket
import threading
import time
import urllib.request

import pytest

from tests.agents.machine import AgentPeer
from tests.conftest import make_app, serving, test_settings
from tests.waiting import eventually


@pytest.fixture
def app(template, tmp_path):
    return make_app(template, test_settings(tmp_path, poll_seconds=20))


def waits_for_work(url, peer, answers):
    headers = {"Authorization": f"Bearer {peer.credential}", "Content-Type": "application/json"}
    body = json.dumps({"holding": [], "slots": 1}).encode()
    poll = urllib.request.Request(f"{url}/agents/v1/poll", body, headers, method="POST")
    poll.add_header("Runner-Session", peer.session)
    with urllib.request.urlopen(poll, timeout=30) as answer:
        answers.append(json.load(answer))


def test_it_ends_at_once_and_answers_a_runner_that_waits_for_work(app, caplog):
    answers = []
    with serving(app) as live:
        with app.app_context():
            peer = AgentPeer(app).register().start()
        runner = threading.Thread(target=waits_for_work, args=(live.url, peer, answers))
        runner.start()
        eventually(app.extensions["wakeups"].someone_waits, what="the runner waits")
        began = time.monotonic()
    ended = time.monotonic() - began
    runner.join(timeout=30)
    assert answers == [{"jobs": [], "orders": [], "drain": False}]
    assert ended < 3, "a poll may last 20 s"
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []


def test_a_name_with_two_addresses_is_one_socket(template, tmp_path, monkeypatch):
    """As localhost is on most machines."""
    look_up = socket.getaddrinfo

    def both(host, *rest, **more):
        found = look_up("127.0.0.1" if host == "localhost" else host, *rest, **more)
        six = (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", 0, 0, 0))
        return [six, *found] if host == "localhost" else found

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with serving(make_app(template, test_settings(tmp_path, host="localhost"))) as live:
        with urllib.request.urlopen(f"{live.url}/healthz", timeout=30) as answer:
            assert answer.status == 200
        assert live.app.extensions["settings"].port == live.server.port


def test_it_may_be_told_to_stop_more_than_once(app):
    with serving(app) as live:
        live.server.stop()
        live.server.stop()
