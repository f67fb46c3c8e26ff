"""Words between the processes of one server."""

import json
import math
from collections import Counter

import pytest

from tests.conftest import make_app, test_settings
from tests.waiting import eventually
from webapp.engine.resources import Ask, Have
from webapp.extensions import db
from webapp.models.transaction import announce, announced, writing
from webapp.neighbours import Neighbours, lines
from webapp.wakeups import the_wakeups

BOX = Have(cpu_milli=2000, memory_mib=1000)


@pytest.fixture
def processes(template, tmp_path):
    """Two of one server, as applications."""
    ways = lines(2)
    apps = [make_app(template, test_settings(tmp_path / str(n))) for n in range(2)]
    neighbours = [Neighbours(app, ways, n, told=False) for n, app in enumerate(apps)]
    for each in neighbours:
        each.start()
    yield apps
    for each in neighbours:
        each.stop()
    close(ways, *apps)


def close(ways, *apps):
    for pair in ways:
        for end in pair:
            end.close()
    for app in apps:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def test_what_the_database_tells_is_not_told_twice(template, tmp_path):
    ways = lines(2)
    app = make_app(template, test_settings(tmp_path))
    neighbours = Neighbours(app, ways, 0, told=True)
    ours, _ = ways[1]
    for word in ("jobs", "runner:1", "log:1", "poll:1:2.0"):
        neighbours.tell(word, Counter())
    said = [json.loads(ours.recv(1000))[0] for _ in range(2)]
    assert said == ["log:1", "poll:1:2.0"]
    ours.setblocking(False)
    with pytest.raises(BlockingIOError):
        ours.recv(1000)
    close(ways, app)


@pytest.fixture
def here(processes):
    with processes[0].app_context():
        yield the_wakeups()


@pytest.fixture
def there(processes):
    return processes[1].extensions["wakeups"]


@pytest.fixture
def waits():
    """Let a runner wait for work; answers its ticket."""

    def call(wakeups, name, self_hosted=True):
        ticket = wakeups.begin_poll(name, until=math.inf)
        ticket.left, ticket.self_hosted = BOX, self_hosted
        return ticket

    return call


@pytest.mark.parametrize("word", ["runner:one", "room:one"])
def test_a_word_for_a_runner_wakes_it_in_the_other_process(here, there, waits, word):
    ticket = waits(there, "one")
    with writing():
        announce(word)
    assert ticket.bell.wait(60)


def test_a_job_for_which_nobody_waits_here_wakes_a_runner_there(here, there, waits):
    ticket = waits(there, "one")
    with writing():
        announce("jobs", Ask(labels=frozenset()))
    assert ticket.bell.wait(60)


def test_a_job_that_a_runner_here_takes_wakes_nobody_there(here, there, waits):
    mine, theirs = waits(here, "mine"), waits(there, "theirs")
    with writing():
        announce("jobs", Ask())
        announce("runner:nobody")
    with there.reader("log:last") as last:
        here.tell_others("log:last", Counter())
        assert last.wait(60), "what was said before it has been heard"
    assert (mine.bell.is_set(), theirs.bell.is_set()) == (True, False)


def test_one_there_that_is_paid_for_hears_of_what_a_machine_here_would_cost(here, there, waits):
    costs, paid = waits(here, "costs", self_hosted=False), waits(there, "paid")
    with writing():
        announce("jobs", Ask())
    assert paid.bell.wait(60)
    assert costs.bell.is_set()


def test_a_reader_of_a_log_hears_of_lines_that_came_to_the_other_process(here, there):
    with there.reader("log:1") as bell:
        here.tell_others("log:1", Counter())
        assert bell.wait(60)


def test_a_newer_poll_ends_the_older_one_in_the_other_process(here, there, waits):
    older = waits(there, "one")
    newer = waits(here, "one")
    assert older.bell.wait(60)
    assert older.is_over
    assert not newer.is_over


def test_what_is_said_of_an_older_poll_does_not_end_a_newer_one(here, there, waits):
    newer = waits(there, "one")
    here.tell_others(f"poll:one:{newer.began - 1}", Counter())
    with there.reader("log:last") as last:
        here.tell_others("log:last", Counter())
        assert last.wait(60)
    assert not newer.is_over


def test_what_was_heard_is_not_said_again(here, there, waits):
    waits(there, "one")
    said = []
    there.tellers.append(lambda *words: said.append(words))
    waits(here, "one")
    eventually(lambda: said, what="it was heard there")
    newer = waits(here, "two")
    assert not newer.is_over
    with here.reader("log:last") as last:
        there.tell_others("log:last", Counter())
        assert last.wait(60)
    assert not here._tickets["one"].is_over


def test_a_process_that_does_not_listen_any_more_stops_nobody(template, tmp_path):
    ways = lines(2)
    app = make_app(template, test_settings(tmp_path))
    alone = Neighbours(app, ways, 0, told=False)
    alone.start()
    for n in range(10_000):
        app.extensions["wakeups"].tell_others(f"log:{n}", Counter())
    alone.stop()
    close(ways, app)


def test_a_scheduler_here_hears_of_jobs_that_came_to_the_other_process(processes, here):
    heard = []

    def hear(sender, word, demand):
        heard.append(word)

    announced.connect(hear, sender=here)
    with processes[1].app_context(), writing():
        announce("jobs", Ask())
    assert eventually(lambda: heard) == ["jobs"]
