"""Stop or resume one job of a run."""

from flask import abort, flash, redirect, url_for
from werkzeug.wrappers import Response

from webapp.access import allow
from webapp.clock import now
from webapp.extensions import db
from webapp.models.job import Job
from webapp.models.job_moves import stop_job as stop
from webapp.models.one_job import JobRefused
from webapp.models.one_job import resume_job as resume
from webapp.models.run import Run
from webapp.models.transaction import writing
from webapp.pages import pages
from webapp.pages.confirmation import confirm
from webapp.pages.run_graph import name_of
from webapp.people import me


@pages.route("/jobs/<job_id>/stop", methods=["GET", "POST"])
@allow("member")
def stop_job(job_id: str) -> str | Response | tuple[str, int]:
    """Gently, and with it what needs it."""
    job = _known(job_id)

    def act() -> Response:
        with writing():
            stopped = stop(me(), job, now(), abort=False)
        _say(job, "told to stop." if stopped else "is over already.", stopped)
        return _back(job)

    return confirm(
        f"Stop {name_of(job)}?",
        (
            "If it runs, it is told to end and gets a few seconds for it. Jobs that need it are "
            "stopped too, unless it still succeeds; the other jobs of the run go on.",
        ),
        button="Stop the job",
        back=_address(job),
        act=act,
    )


@pages.post("/jobs/<job_id>/resume")
@allow("member")
def resume_job(job_id: str) -> Response:
    """Queue it again."""
    job = _known(job_id)
    try:
        with writing():
            resume(me(), job, now())
        _say(job, "queued again.", True)
    except JobRefused as refused:
        _say(job, f"{refused}.", False)
    return _back(job)


def _known(job_id: str) -> Job:
    job = db.session.get(Job, job_id)
    if job is None:
        abort(404, "There is no such job. Its run may have been pruned.")
    return job


def _say(job: Job, words: str, good: bool) -> None:
    flash(f"{name_of(job)}: {words}", "message" if good else "error")


def _address(job: Job) -> str:
    return url_for("pages.run", name=db.session.get_one(Run, job.run_id).name, job=job.id)


def _back(job: Job) -> Response:
    return redirect(_address(job), 303)
