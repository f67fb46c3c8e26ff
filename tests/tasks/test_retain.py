"""What runs left goes by the rule that somebody set, and by nothing else."""

import pytest

from tests.pages.scene import jobs_of, machine, submitted
from tests.people import TESTS
from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.engine.retention import Rule
from webapp.extensions import db
from webapp.models.artifact import kept_attempt
from webapp.models.event import events_of
from webapp.models.retention import clear_run, set_rule, stored, the_rule
from webapp.models.run import run_named
from webapp.models.run_moves import RunRefused, restart_run, resume_run, tag_run
from webapp.models.transaction import writing
from webapp.scheduler import table
from webapp.storage import log_store
from webapp.tasks.retain import retain
from webapp.tasks.sweep import sweep

MOST = 100


@pytest.fixture
def peer(app, people):
    return machine(app)


def finished(peer, content=b"x" * 10, spec=None, exit_code=0, log=b"printed\n"):
    """A run whose one job left a file and a log."""
    run = submitted(spec or JobSpec("true", artifacts=("out",)))
    (job,) = (payload["job"] for payload in peer.poll()["jobs"])
    peer.send_log(job, log)
    peer.leave(job, {"out/a": content})
    fields = {"outcome": "exited", "exit_code": exit_code, "log_size": len(log)}
    peer.report("finished", job, 1, **fields)
    return run, job


def rule(**words):
    with writing():
        set_rule(TESTS, Rule(**words), now())


def test_without_a_rule_nothing_is_deleted(app, peer, clock):
    _, job = finished(peer)
    assert the_rule() == Rule() and retain(clock.advance(10**8)) == 0
    assert kept_attempt(job)


def test_by_age_artifacts_go_and_the_run_and_its_log_stay(app, peer, clock):
    run, job = finished(peer)
    rule(days=30)
    assert retain(clock.advance(30 * 86400 - 1)) == 0
    assert retain(clock.advance(1)) == 1
    assert kept_attempt(job) is None and log_store().size(job, 1) == 8
    event = events_of(limit=1, run_id=run_named(run.name).id)[0]
    assert (event.what, event.who) == ("artifacts deleted", "scheduler")
    assert event.why == "It ended 30 days ago; the rule is 30 days." and event.data == {"frees": 10}
    assert sweep(now()) == 1
    assert retain(now()) == 0  # and no second time


def test_logs_go_too_when_the_rule_says_so(app, peer, clock):
    run, job = finished(peer)
    rule(days=1, logs=True)
    assert retain(clock.advance(86400)) == 1
    assert log_store().size(job, 1) == 0
    assert run_named(run.name).logs_cleared_at == now()
    assert stored(MOST, now()).logs == 0 and retain(now()) == 0


def test_by_size_the_oldest_goes(app, peer, clock, monkeypatch):
    monkeypatch.setattr("webapp.engine.retention.GIB", 10)
    _, old = finished(peer)
    clock.advance(1)
    _, young = finished(peer, b"y" * 10)
    rule(gib=1)
    assert retain(clock.advance(10)) == 1
    assert kept_attempt(old) is None and kept_attempt(young)


def test_tags_unfinished_runs_and_what_they_need_are_spared(app, peer, clock):
    (tagged, one), (_, two) = finished(peer), finished(peer)
    with writing():
        tag_run(TESTS, run_named(tagged.name), None, now())
    waiting = submitted(JobSpec("true"))
    (job,) = jobs_of(waiting)
    with writing():
        job.input_jobs = [two]
        db.session.add(job)
    rule(days=0)
    assert retain(clock.advance(10)) == 0
    assert kept_attempt(one) and kept_attempt(two)


def test_who_tags_it_between_the_look_and_the_deed_keeps_it(app, peer, clock):
    run, job = finished(peer)
    (item,) = stored(MOST, clock.advance(10)).due(Rule(days=0), now())
    with writing():
        tag_run(TESTS, run_named(run.name), None, now())
    with writing():
        assert clear_run(TESTS, item, False, now()) == []
    assert kept_attempt(job)


def test_a_run_that_needs_what_is_deleted_is_not_resumed_but_restarted(app, peer, clock):
    prepare = JobSpec("a", "prepare", artifacts=("out",))
    run = submitted(prepare, JobSpec("b", "train", depends_on=(0,)))
    first = peer.poll()["jobs"][0]["job"]
    peer.leave(first, {"out/a": b"x"})
    peer.finish(first)
    second = peer.poll()["jobs"][0]["job"]
    peer.finish(second, exit_code=1)
    rule(days=0)
    assert retain(clock.advance(10)) == 1
    with writing(), pytest.raises(RunRefused, match="artifacts of 1 job that are deleted"):
        resume_run(TESTS, run_named(run.name), now())
    with writing():
        assert restart_run(TESTS, run_named(run.name), now()) == 2


def test_what_is_stored_is_counted_once_and_a_log_as_far_as_it_is_kept(app, peer):
    finished(peer), finished(peer, log=b"z" * 500)
    seen = stored(MOST, now())
    assert (seen.artifacts, seen.logs) == (10, 8 + MOST)
    assert [seen.own(run) for run in seen.runs] == [10, 10]


def test_the_scheduler_looks_at_once_when_somebody_sets_a_rule():
    assert [entry.task for entry in table(1) if "retention" in entry.hears] == [retain]
