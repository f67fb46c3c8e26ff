"""Contents that nothing refers to go, and only those, whoever comes in between."""

import threading

import pytest
from sqlalchemy import select

from tests.agents.machine import AgentPeer, digest
from tests.pages.scene import machine, submitted
from tests.people import TESTS
from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.extensions import db
from webapp.models.artifact import Artifact, file_named
from webapp.models.artifact_drop import drop_artifacts
from webapp.models.artifact_intake import File, declare
from webapp.models.attempts import lose_attempts
from webapp.models.blob import GOING, WHOLE, Blob
from webapp.models.event import SCHEDULER
from webapp.models.job import Job
from webapp.models.run_moves import prune_runs
from webapp.models.transaction import writing
from webapp.scheduler import table
from webapp.storage import artifact_store, store_named
from webapp.tasks.sweep import sweep

CONTENT = {"output/a": b"the same in both"}


@pytest.fixture
def peer(app, people) -> AgentPeer:
    return machine(app)


@pytest.fixture
def two_jobs(peer) -> list[str]:
    """Two running jobs of one run that left the same content."""
    submitted(JobSpec("a"), JobSpec("b"))
    jobs = [payload["job"] for payload in peer.poll()["jobs"]]
    for job in jobs:
        assert peer.leave(job, CONTENT).json["files"] == 1
    return jobs


def drop(job):
    with writing():
        drop_artifacts([job])


def states():
    return sorted(db.session.scalars(select(Blob.state)))


def files(app):
    """Of contents, and of what is shown, on the disk."""
    root = app.extensions["settings"].data_dir / "artifacts"
    found = [path.relative_to(root).parts[0] for path in root.rglob("*") if path.is_file()]
    return found.count(".content"), found.count("max")


def content(job):
    row = file_named(job, 1, "output/a")
    with store_named(row.store).open(row) as file:
        return file.read()


def test_a_content_stays_while_somebody_refers_to_it(app, two_jobs):
    drop(two_jobs[0])
    assert sweep(now()) == 0
    assert content(two_jobs[1]) == CONTENT["output/a"] and files(app) == (1, 1)


def test_without_the_last_one_it_goes_from_the_disk_and_from_sight(app, two_jobs):
    for job in two_jobs:
        drop(job)
    assert states() == [GOING] and files(app) == (1, 2)
    assert sweep(now()) == 1
    assert states() == [] and files(app) == (0, 0)
    assert sweep(now()) == 0


def test_the_same_content_that_comes_in_meanwhile_is_another_blob(app, peer, two_jobs):
    for job in two_jobs:
        drop(job)
    (state,) = peer.declare(two_jobs[0], CONTENT).json["missing"]
    assert sweep(now()) == 1  # between the two calls of the agent
    sent = peer.send_piece(two_jobs[0], state["sha256"], CONTENT["output/a"])
    assert sent.json["whole"]
    assert sweep(now()) == 0
    assert content(two_jobs[0]) == CONTENT["output/a"]


def test_who_refers_to_it_first_keeps_it(app, two_jobs):
    """A transaction that refers to a content and one that drops its last other user, at once."""
    dropping, job = threading.Event(), db.session.get(Job, two_jobs[0])
    drop(two_jobs[0])

    def drop_other():
        with app.app_context():
            dropping.set()
            drop(two_jobs[1])

    other = threading.Thread(target=drop_other)
    with writing():
        said = File("again", 16, digest(CONTENT["output/a"]), 0o644)
        declare(job, [said], "local", lambda _: "never needed", now())
        other.start()
        assert dropping.wait(10)
    other.join(10)
    assert sweep(now()) == 0 and states() == [WHOLE]


def test_a_sweep_that_died_between_file_and_row_is_finished_by_the_next(app, two_jobs):
    for job in two_jobs:
        drop(job)
    row = db.session.execute(select(Blob.__table__)).one()
    artifact_store().delete(row)
    assert sweep(now()) == 1 and states() == []


def test_one_store_that_does_not_answer_keeps_only_its_own(app, two_jobs):
    for job in two_jobs:
        drop(job)
    with writing():
        about = {"sha256": "ab" * 32, "size": 1, "state": GOING, "created_at": 1}
        db.session.add(Blob(store="s3:elsewhere", key="max/x/y/z", **about))
    assert sweep(now()) == 1
    assert list(db.session.scalars(select(Blob.key))) == ["max/x/y/z"]


def test_what_a_lost_runner_began_to_send_goes_after_a_minute(app, peer, clock):
    submitted(JobSpec("a"))
    job = peer.poll()["jobs"][0]["job"]
    peer.declare(job, {"a": b"x" * 100})
    peer.send_piece(job, digest(b"x" * 100), b"x" * 50)
    with writing():
        lose_attempts(SCHEDULER, peer.runner_id, "lost", now())
    assert sweep(clock.advance(59)) == 0 and files(app) == (1, 0)
    assert sweep(clock.advance(2)) == 1 and files(app) == (0, 0)
    assert db.session.scalar(select(Artifact.id)) is None


def test_an_upload_that_goes_on_is_left_alone(app, peer, clock):
    submitted(JobSpec("a"))
    job = peer.poll()["jobs"][0]["job"]
    peer.declare(job, {"a": b"x"})
    assert sweep(clock.advance(3600)) == 0
    assert peer.leave(job, {"a": b"x"}).json["files"] == 1


def test_a_pruned_run_takes_its_artifacts_along(app, peer, two_jobs):
    for job in two_jobs:
        peer.finish(job)
    with writing():
        prune_runs(TESTS, now())
    assert db.session.scalar(select(Artifact.id)) is None
    assert sweep(now()) == 1 and files(app) == (0, 0)


def test_the_scheduler_sweeps_as_soon_as_something_goes():
    assert [entry.task for entry in table(1) if "blobs" in entry.hears] == [sweep]
