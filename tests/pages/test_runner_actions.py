from tests.pages.scene import jobs_of, machine, submitted, text_of
from webapp.engine.jobs import JobSpec
from webapp.extensions import db
from webapp.models.runner import runner_named


def status(name="box-1"):
    db.session.expire_all()
    return runner_named(name).status


def test_drain_and_resume(app, member):
    peer = machine(app)
    assert member.post("/runners/box-1/drain").headers["Location"] == "/runners/box-1"
    assert status() == "draining" and peer.poll()["drain"]
    assert "max drained it." in text_of(member.get("/runners/box-1"))
    member.post("/runners/box-1/resume")
    assert status() == "live" and not peer.poll()["drain"]


def test_draining_what_is_not_live_says_that_somebody_was_faster(app, member):
    machine(app)
    member.post("/runners/box-1/drain")
    member.post("/runners/box-1/drain")
    assert "Somebody was faster" in text_of(member.get("/runners/box-1"))


def test_what_was_drained_says_so_while_it_is_away_and_may_be_resumed(app, member):
    peer = machine(app)
    member.post("/runners/box-1/drain")
    peer.call("stop", {"reason": "bye"})
    page = text_of(member.get("/runners/box-1"))
    assert "when it comes back it takes no jobs until somebody presses Resume" in page
    member.post("/runners/box-1/resume")
    page = text_of(member.get("/runners/box-1"))
    assert "box-1 will take jobs when it comes back." in page
    assert "It was drained" not in page and status() == "offline"
    peer.start()
    assert status() == "live"


def test_what_is_away_may_be_drained(app, member):
    peer = machine(app)
    peer.call("stop", {"reason": "bye"})
    member.post("/runners/box-1/drain")
    assert "box-1 will take no jobs" in text_of(member.get("/runners/box-1"))
    member.post("/runners/box-1/drain")
    page = text_of(member.get("/runners/box-1"))
    assert "Somebody was faster" in page and "runner drained while away" in page
    peer.start()
    assert status() == "draining" and peer.poll()["drain"]


def test_removing_says_what_happens_to_its_jobs(app, member):
    peer = machine(app)
    submitted(JobSpec("a", retries=1), JobSpec("b"))
    peer.poll()
    page = text_of(member.get("/runners/box-1/remove"))
    assert "It runs 2 jobs" in page
    assert "1 will be tried again on another runner, 1 will fail" in page
    assert status() == "live"


def test_removing_takes_its_jobs_and_its_credential_away(app, member):
    peer = machine(app)
    run = submitted(JobSpec("a", retries=1), JobSpec("b"))
    peer.poll()
    assert member.post("/runners/box-1/remove").headers["Location"] == "/runners"
    assert status() == "gone"
    assert {job.status for job in jobs_of(run)} == {"submitted", "failed"}
    assert peer.call("poll", {"holding": [], "slots": 1}).status_code in (401, 403)
    assert "No runner yet" in text_of(member.get("/runners"))
    assert "box-1" in text_of(member.get("/runners?gone=1"))


def test_removing_twice_says_that_there_is_nothing_to_remove(app, member):
    machine(app)
    member.post("/runners/box-1/remove")
    assert member.post("/runners/box-1/remove").headers["Location"] == "/runners/box-1"
    assert "there is nothing to remove" in text_of(member.get("/runners/box-1"))


def test_an_offline_runner_can_be_removed(app, member):
    peer = machine(app)
    peer.call("stop", {"reason": "bye"})
    member.post("/runners/box-1/remove")
    assert status() == "gone"


def test_a_viewer_may_not(app, viewer):
    machine(app)
    for action in ("drain", "resume", "remove"):
        assert viewer.post(f"/runners/box-1/{action}").status_code == 403
    assert status() == "live"


def test_a_stranger_goes_to_the_login(app, anonymous, people):
    machine(app)
    for action in ("drain", "resume", "remove"):
        assert anonymous.post(f"/runners/box-1/{action}").status_code == 303
    assert status() == "live"


def test_an_unknown_runner_is_404(member):
    for action in ("drain", "resume", "remove"):
        assert member.post(f"/runners/nobody/{action}").status_code == 404
