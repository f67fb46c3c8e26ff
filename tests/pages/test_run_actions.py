import pytest

from tests.pages.scene import jobs_of, machine, submitted, text_of
from tests.people import TESTS
from webapp.engine.jobs import JobSpec
from webapp.extensions import db
from webapp.models.artifact import kept_attempt
from webapp.models.run import run_named
from webapp.models.run_moves import tag_run
from webapp.models.transaction import writing
from webapp.storage import log_store

ACTIONS = ("stop", "abort", "resume", "restart", "tag", "untag")


def statuses(run):
    return [job.status for job in jobs_of(run)]


def finished(app, exit_code=0):
    peer, run = machine(app), submitted()
    job = peer.poll()["jobs"][0]["job"]
    peer.send_log(job, b"printed\n")
    peer.finish(job, exit_code=exit_code)
    return peer, run, job


def test_stop_asks_first(app, member):
    run = submitted()
    assert "Stop the run" in member.get(f"/runs/{run.name}/stop").text
    assert statuses(run) == ["submitted"]


def test_stop_ends_waiting_jobs_and_tells_running_ones(app, member):
    peer = machine(app)
    run = submitted(JobSpec("a"), JobSpec("b"))
    peer.poll(slots=1)
    assert member.post(f"/runs/{run.name}/stop").headers["Location"] == f"/runs/{run.name}"
    assert sorted(statuses(run)) == ["stopped", "stopping"]
    assert "2 jobs told to stop." in text_of(member.get(f"/runs/{run.name}"))


def test_abort(app, member):
    peer, run = machine(app), submitted()
    peer.poll()
    assert "killed at once" in member.get(f"/runs/{run.name}/abort").text
    member.post(f"/runs/{run.name}/abort")
    assert statuses(run) == ["aborting"]


def test_stopping_a_finished_run_says_so(app, member):
    _peer, run, _job = finished(app)
    member.post(f"/runs/{run.name}/stop")
    assert f"{run.name} is already done." in text_of(member.get(f"/runs/{run.name}"))


def test_resume_queues_what_did_not_succeed(app, member):
    _peer, run, _job = finished(app, exit_code=1)
    member.post(f"/runs/{run.name}/resume")
    assert statuses(run) == ["submitted"]


def test_resuming_what_is_done_says_what_to_do_instead(app, member):
    _peer, run, _job = finished(app)
    member.post(f"/runs/{run.name}/resume")
    assert "restart it to run them again" in text_of(member.get(f"/runs/{run.name}"))


def test_resuming_a_run_that_goes_on_says_so(app, member, people):
    run = submitted()
    member.post(f"/runs/{run.name}/resume")
    assert "is not stopped" in text_of(member.get(f"/runs/{run.name}"))


def test_restart_keeps_the_logs_unless_asked(app, member):
    _peer, run, job = finished(app)
    assert "All its jobs run again" in member.get(f"/runs/{run.name}/restart").text
    member.post(f"/runs/{run.name}/restart")
    assert statuses(run) == ["submitted"] and log_store().size(job, 1) == 8


def test_restart_deletes_the_logs_when_asked(app, member):
    _peer, run, job = finished(app)
    member.post(f"/runs/{run.name}/restart", data={"clear": "y"})
    assert statuses(run) == ["submitted"] and log_store().size(job, 1) == 0


def test_restart_deletes_artifacts_with_the_logs(app, member):
    peer, run = machine(app), submitted()
    job = peer.poll()["jobs"][0]["job"]
    peer.leave(job, {"a": b"x"})
    peer.finish(job)
    member.post(f"/runs/{run.name}/restart")
    assert kept_attempt(job).number == 1
    peer.finish(peer.poll()["jobs"][0]["job"], 2)
    member.post(f"/runs/{run.name}/restart", data={"clear": "y"})
    assert kept_attempt(job) is None


def test_tag_and_untag(app, member, people):
    run = submitted()
    member.post(f"/runs/{run.name}/tag", data={"tag": "latest"})
    db.session.expire_all()
    assert run_named(run.name).tag_name == "latest"
    member.post(f"/runs/{run.name}/untag")
    db.session.expire_all()
    assert run_named(run.name).tag_name is None


def test_without_a_name_the_tag_is_the_name_of_the_run(app, member, people):
    run = submitted()
    member.post(f"/runs/{run.name}/tag", data={"tag": ""})
    db.session.expire_all()
    assert run_named(run.name).tag_name == run.name


@pytest.mark.parametrize(
    ("tag", "sentence"), [("taken", "The tag taken is on"), ("a b", "A tag has letters")]
)
def test_a_tag_that_cannot_be_given_says_why(app, member, people, tag, sentence):
    other, run = submitted(), submitted()
    with writing():
        tag_run(TESTS, run_named(other.name), "taken", 1)
    member.post(f"/runs/{run.name}/tag", data={"tag": tag})
    assert sentence in text_of(member.get(f"/runs/{run.name}"))


def test_prune_deletes_finished_runs_without_a_tag_and_their_logs(app, member):
    peer, run, job = finished(app)
    waiting = submitted()
    kept = submitted()
    kept_job = peer.poll(slots=4)["jobs"]
    for each in kept_job:
        if each["run_name"] == kept.name:
            peer.finish(each["job"])
    with writing():
        tag_run(TESTS, run_named(kept.name), "keep", 1)
    assert "1 finished run without a tag" in member.get("/runs/prune").text
    member.post("/runs/prune")
    db.session.expire_all()
    assert run_named(run.name) is None and log_store().size(job, 1) == 0
    assert run_named(waiting.name) and run_named(kept.name)


def test_pruning_nothing_says_so(member):
    assert "nothing would be deleted" in member.get("/runs/prune").text
    assert member.post("/runs/prune").status_code == 303


def test_a_viewer_may_not(app, viewer, people):
    run = submitted()
    for action in ACTIONS:
        assert viewer.post(f"/runs/{run.name}/{action}").status_code == 403
    assert viewer.post("/runs/prune").status_code == 403
    assert statuses(run) == ["submitted"]


def test_a_stranger_goes_to_the_login(app, anonymous, people):
    run = submitted()
    for action in ACTIONS:
        assert anonymous.post(f"/runs/{run.name}/{action}").status_code == 303
    assert anonymous.post("/runs/prune").headers["Location"].startswith("/login")
    assert statuses(run) == ["submitted"]


def test_an_unknown_run_is_404(member):
    for action in ACTIONS:
        assert member.post(f"/runs/nobody-1/{action}").status_code == 404
