import os
import time
import uuid
from pathlib import Path

from webapp.extensions import db
from webapp.leadership import LEASE_SECONDS
from webapp.models.lease import LEADER, give_up_lease, held_for, holds_lease, take_lease
from webapp.models.transaction import writing
from webapp.scheduler import Entry, Scheduler, table


def take(holder, now, seconds=15):
    with writing():
        return take_lease(LEADER, holder, now, seconds)


def runs_of(app, *entries):
    """A scheduler of this application that is leading, and what its tasks were called with."""
    scheduler = Scheduler(app)
    scheduler.leadership.renew()
    return scheduler


def test_every_task_of_the_table_can_be_called_with_a_moment(app, clock):
    assert [entry.task(clock()) for entry in table(1)] == [0] * len(table(1))


def test_one_process_of_two_leads(app, clock):
    assert take("first", clock())
    assert not take("second", clock())


def test_another_process_leads_when_the_leader_is_silent(app, clock):
    take("first", clock())
    assert take("second", clock.advance(16))
    assert not take("first", clock())


def test_another_process_leads_at_once_when_the_leader_stops(app, clock):
    take("first", clock())
    with writing():
        give_up_lease(LEADER, "first")
    assert take("second", clock())


def test_a_paused_leader_does_not_act_when_it_wakes_up(app, clock):
    calls = []
    scheduler = runs_of(app)
    clock.advance(LEASE_SECONDS + 1)
    assert take("another process", clock())
    scheduler._run(Entry(calls.append, 1))
    assert calls == []


def test_the_leader_acts(app, clock):
    calls = []
    runs_of(app)._run(Entry(calls.append, 1))
    assert calls == [clock()]


def test_a_task_that_fails_is_run_again(app, clock):
    calls = []

    def fails(now):
        calls.append(now)
        raise RuntimeError("on purpose")

    scheduler = runs_of(app)
    scheduler._run(Entry(fails, 1))
    scheduler._run(Entry(fails, 1))
    assert len(calls) == 2


def test_a_renewed_lease_counts_from_its_beginning(app, clock):
    take("first", clock())
    clock.advance(10)
    take("first", clock())
    assert held_for(LEADER, clock()) == 10


def test_a_lease_that_ran_out_counts_anew(app, clock):
    take("first", clock())
    clock.advance(3600)
    assert held_for(LEADER, clock()) == 0
    take("first", clock())
    assert held_for(LEADER, clock.advance(1)) == 1


def test_nobody_holds_what_was_never_taken(app, clock):
    assert not holds_lease(LEADER, "first", clock())
    assert held_for(LEADER, clock()) == 0
    assert db.session.is_active


def test_what_was_announced_during_a_run_is_looked_at_right_after_it(app, clock):
    calls, scheduler = [], runs_of(app)

    def looks(now):
        calls.append(now)
        if len(calls) == 1:
            scheduler._hear(None, "news", None)

    entry = Entry(looks, 3600, hears=frozenset({"news"}))
    scheduler._table.append(entry)
    scheduler._run(entry)
    assert len(calls) == 2


def test_another_process_leads_at_once_when_the_leader_was_killed(app, clock):
    dead = f"{uuid.uuid4()}.{Path('/proc/sys/kernel/random/boot_id').read_text().strip()}"
    take(dead, clock())
    left = app.extensions["settings"].data_dir / "processes" / dead
    left.parent.mkdir()
    left.touch()  # nobody holds it
    successor = runs_of(app).leadership
    assert successor.is_ours
    assert holds_lease(LEADER, successor.holder, clock())
    assert not left.exists()


def test_a_new_process_removes_what_a_killed_one_left_although_another_leads(app, clock):
    leads, killed = runs_of(app), runs_of(app)
    os.close(killed.leadership._life_sign._file)  # as the kernel does it
    follower = runs_of(app)
    assert not follower.leadership.is_ours
    names = {each.name for each in (app.extensions["settings"].data_dir / "processes").iterdir()}
    assert names == {leads.leadership.holder, follower.leadership.holder}


def test_a_leader_that_lives_is_not_pushed_out(app, clock):
    first, second = runs_of(app), runs_of(app)
    assert (first.leadership.is_ours, second.leadership.is_ours) == (True, False)
    second.leadership.give_up()
    assert holds_lease(LEADER, first.leadership.holder, clock())


def test_what_is_wanted_at_once_never_comes_later_than_it_would_by_itself(app):
    """A task that took long may not be begun at once; it still runs when its time has come."""
    scheduler = Scheduler(app)
    scheduler._table = [Entry(lambda _: 0, 5, hears=frozenset({"news"}))]
    scheduler.start()
    try:
        (name,) = [entry.task.__name__ for entry in scheduler._table]
        by_itself = scheduler._jobs.get_job(name).next_run_time
        scheduler._turns._took[name] = 30
        scheduler._turns._begins_at[name] = time.monotonic()
        scheduler._hasten(name)
        assert scheduler._jobs.get_job(name).next_run_time == by_itself
        scheduler._turns._took[name], scheduler._turns._begins_at[name] = 0, 0
        scheduler._hasten(name)
        assert scheduler._jobs.get_job(name).next_run_time < by_itself
    finally:
        scheduler.stop()
