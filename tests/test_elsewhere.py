"""Words between servers on one PostgreSQL; collected only where there is one."""

import math
import threading
from collections import Counter

import pytest

from tests.conftest import make_app, test_settings
from tests.waiting import eventually
from webapp import create_app
from webapp.elsewhere import Elsewhere
from webapp.engine.resources import Ask, Have
from webapp.extensions import db
from webapp.models.transaction import announce, announced, writing

BOX = Have(cpu_milli=2000, memory_mib=1000)
ENOUGH = 60


class Heard:
    """The words that are announced in this application."""

    def __init__(self, app):
        self.words, self._any = [], threading.Event()
        announced.connect(self._hear, sender=app.extensions["wakeups"])

    def _hear(self, sender, word, demand):
        self.words.append((word, demand))

    def __contains__(self, word):
        return word in [each for each, _ in self.words]


@pytest.fixture
def servers(template, tmp_path):
    """Two applications on one database, that tell each other."""
    settings = test_settings(tmp_path)
    apps = [make_app(template, settings), create_app(settings)]
    ways = [Elsewhere(app) for app in apps]
    for way in ways:
        way.start()
    yield apps
    for way in ways:
        way.stop()
    for app in apps:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def they_hear(servers):
    """Once this is there, what is said here is heard there."""
    here, there = servers
    heard = Heard(there)

    def arrives():
        here.extensions["wakeups"].tell_others("test", Counter())
        return "test" in heard

    eventually(arrives, what="the other server listens")
    return heard


def test_a_job_wakes_a_runner_that_waits_at_the_other_server(servers, they_hear):
    here, there = servers
    ticket = there.extensions["wakeups"].begin_poll("one", math.inf)
    ticket.left = BOX
    with here.app_context(), writing():
        announce("jobs", Ask())
    assert ticket.bell.wait(ENOUGH)


def test_nobody_hears_what_it_said_itself(servers, they_hear):
    here, _ = servers
    mine = Heard(here)
    with here.app_context(), writing():
        announce("runner:1")
    eventually(lambda: "runner:1" in they_hear, what="it is heard there")
    here.extensions["wakeups"].tell_others("after that", Counter())
    eventually(lambda: "after that" in they_hear, what="this too")
    assert [word for word, _ in mine.words].count("runner:1") == 1


def test_lines_of_logs_and_polls_are_not_told_to_all(servers, they_hear):
    here, _ = servers
    for word in ("log:1", "poll:1:2.0", "runner:1"):
        here.extensions["wakeups"].tell_others(word, Counter())
    eventually(lambda: "runner:1" in they_hear, what="what was said last")
    assert "log:1" not in they_hear and "poll:1:2.0" not in they_hear


def test_who_hears_of_more_than_can_be_said_looks_by_itself(servers, they_hear):
    here, _ = servers
    many = Counter({Ask(cpu_milli=n): 1 for n in range(1, 500)})
    here.extensions["wakeups"].tell_others("jobs", many)
    eventually(lambda: "jobs" in they_hear, what="it is heard")
    assert dict(they_hear.words)["jobs"] == Counter(), "nothing waits in the books"
