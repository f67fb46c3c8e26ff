import pytest

from webapp.clock import now
from webapp.extensions import db
from webapp.models.heartbeats import hear_again, keep_heartbeats, note_heartbeat
from webapp.models.runner import Runner
from webapp.models.transaction import writing


@pytest.fixture
def gathering(app):
    app.extensions["heartbeats"].gathers = True


@pytest.fixture
def box(add_runner, clock):
    return add_runner(session="life-1", last_seen_at=now())


def seen(runner_id):
    return db.session.get(Runner, runner_id, populate_existing=True).last_seen_at


def test_they_are_written_together_when_somebody_gathers_them(box, add_runner, gathering, clock):
    other = add_runner("other", session="life-2", last_seen_at=now())
    before = clock.moment
    clock.advance(5)
    note_heartbeat(box, "life-1", now())
    note_heartbeat(other, "life-2", now())
    assert seen(box) == before
    assert keep_heartbeats() == 2
    assert {seen(box), seen(other)} == {clock.moment}
    assert keep_heartbeats() == 0


def test_what_could_not_be_written_is_kept_for_the_next_time(box, add_runner, gathering, clock):
    other = add_runner("other", session="life-2", last_seen_at=now())
    clock.advance(5)
    note_heartbeat(box, "life-1", now())
    note_heartbeat(other, "life-2", now())
    with writing(), pytest.raises(RuntimeError):
        keep_heartbeats()  # the books are taken
    clock.advance(5)
    note_heartbeat(box, "life-1", now())
    assert keep_heartbeats() == 2
    assert (seen(box), seen(other)) == (clock.moment, clock.moment - 5000)


def test_they_are_written_at_once_when_nobody_does(box, clock):
    clock.advance(5)
    note_heartbeat(box, "life-1", now())
    assert seen(box) == clock.moment


def test_one_of_an_earlier_life_counts_for_nothing(box, clock):
    before = clock.moment
    clock.advance(5)
    note_heartbeat(box, "life-0", now())
    assert seen(box) == before


def test_an_older_one_changes_nothing(box, clock):
    before = clock.moment
    note_heartbeat(box, "life-1", before - 1000)
    assert seen(box) == before


def test_a_runner_that_was_given_up_meanwhile_stays_lost(box, gathering, clock):
    clock.advance(5)
    note_heartbeat(box, "life-1", now())
    with writing():
        runner = db.session.get(Runner, box)
        runner.status, runner.session = "lost", None
    before = seen(box)
    keep_heartbeats()
    assert seen(box) == before


def test_one_within_a_transaction_is_gathered_like_any(box, gathering, clock):
    before = clock.moment
    clock.advance(5)
    with writing():
        hear_again(box, "life-1", now())
    assert seen(box) == before
    assert keep_heartbeats() == 1
    assert seen(box) == clock.moment


def test_it_is_written_in_that_transaction_when_nobody_gathers(box, clock):
    clock.advance(5)
    with writing():
        hear_again(box, "life-1", now())
    assert seen(box) == clock.moment
