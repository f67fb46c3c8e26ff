import pytest

from tests.people import TESTS
from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.extensions import db
from webapp.models.changes import newest_event
from webapp.models.event import events_of
from webapp.models.run import run_named
from webapp.models.run_moves import (
    RunRefused,
    prunable,
    prune_runs,
    restart_run,
    resume_run,
    stop_run,
    tag_run,
    untag_run,
)
from webapp.models.submission import submit_run
from webapp.models.transaction import writing


def submitted(people, jobs=2):
    with writing():
        specs = [JobSpec("true")] * jobs
        return run_named(submit_run(TESTS, people["member"].id, specs, now()))


def test_stopping_counts_the_jobs_and_leaves_an_event_for_each(app, people):
    run = submitted(people)
    with writing():
        assert stop_run(TESTS, run, now()) == 2
    db.session.expire_all()
    assert run_named(run.name).status == "stopped"
    assert [event.what for event in events_of(run_id=run.id)].count("job stopped") == 2


def test_a_finished_run_cannot_be_stopped_again(app, people):
    run = submitted(people)
    with writing():
        stop_run(TESTS, run, now())
    with writing(), pytest.raises(RunRefused, match="is already stopped"):
        stop_run(TESTS, run, now())


def test_resuming_and_restarting_need_a_finished_run(app, people):
    run = submitted(people)
    for verb in (resume_run, restart_run):
        with writing(), pytest.raises(RunRefused):
            verb(TESTS, run, now())


def test_restarting_clears_what_is_stored_of_each_job(app, people):
    run, cleared = submitted(people), []
    with writing():
        stop_run(TESTS, run, now())
    with writing():
        assert restart_run(TESTS, run, now(), cleared.append) == 2
    assert sorted(cleared) == sorted(job.id for job in run_named(run.name).jobs)


def test_a_tag_is_on_one_run_only(app, people):
    one, other = submitted(people), submitted(people)
    with writing():
        assert tag_run(TESTS, one, "latest", now()) == "latest"
    with writing(), pytest.raises(RunRefused, match=f"is on {one.name} already"):
        tag_run(TESTS, other, "latest", now())
    with writing():
        untag_run(TESTS, one, now())
    with writing():
        assert tag_run(TESTS, other, "latest", now()) == "latest"


def test_pruning_spares_tagged_and_unfinished_runs(app, people):
    old, kept, going = (submitted(people) for _ in range(3))
    with writing():
        stop_run(TESTS, old, now())
        stop_run(TESTS, kept, now())
        tag_run(TESTS, kept, None, now())
    gone, names = old.name, (kept.name, going.name)
    with writing():
        assert prune_runs(TESTS, now())[0] == 1
    assert run_named(gone) is None and all(run_named(name) for name in names)
    assert prunable() == []


def test_pruning_never_makes_the_newest_event_an_old_one_again(app, people):
    """A page asks for what is newer than the event it has drawn last."""
    run = submitted(people)
    with writing():
        stop_run(TESTS, run, now())
    drawn = newest_event()
    with writing():
        prune_runs(TESTS, now())
    assert newest_event() > drawn
