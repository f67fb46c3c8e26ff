"""The world in which every example of the API's description works: its runs, jobs, limits."""

from flask import Flask
from sqlalchemy import update

from tests.agents.machine import AgentPeer
from tests.pages.aws_scene import a_limit, configure
from tests.people import TESTS
from webapp.clock import now
from webapp.engine.jobs import Code, JobSpec
from webapp.extensions import db
from webapp.models.job import Job
from webapp.models.job_moves import stop_job
from webapp.models.run import Run, run_named
from webapp.models.secret import set_secret
from webapp.models.submission import submit_run
from webapp.models.transaction import writing
from webapp.models.user import user_named

CODE = Code("https://example.org/a.git", "main", "0" * 40)
DONE, STOPPED, RUNNING = "wise-otter-1", "brave-fox-1", "cowardly-goose-1"
JOBS = {DONE: "0b6d1e9f4c35", STOPPED: "c40d7e21a8f3", RUNNING: "5a1f0c3e9b72"}


def build(app: Flask) -> None:
    """A run that is done, one that was stopped, one that runs on gpu-box; AWS with one limit."""
    configure()
    a_limit()
    machine = AgentPeer(app).register(name="gpu-box").start()
    with writing():
        set_secret(TESTS, "OLD_KEY", "only an example", now())
    _submit(DONE)
    machine.poll()
    machine.leave(JOBS[DONE], {"output/model.txt": b"weights\n"})
    machine.finish(JOBS[DONE])
    job = _submit(STOPPED)
    with writing():
        stop_job(TESTS, job, now(), abort=False)
    _submit(RUNNING)
    machine.poll()
    machine.report("started", JOBS[RUNNING])
    machine.send_log(JOBS[RUNNING], b"hello from gpu-box\n")


def _submit(name: str) -> Job:
    """Submitted under this name, which chance would give it once in a million."""
    specs = [JobSpec("echo hello", "train", provider="bash", artifacts=("output",))]
    with writing():
        given = submit_run(
            TESTS, user_named("max").id, specs, now(), workflow_name="train", code=CODE
        )
        run = run_named(given)
        db.session.execute(update(Job).where(Job.run_id == run.id).values(id=JOBS[name]))
        db.session.execute(update(Run).where(Run.id == run.id).values(name=name))
    db.session.expire_all()
    return db.session.get_one(Job, JOBS[name])
