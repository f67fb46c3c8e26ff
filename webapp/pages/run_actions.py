"""Stop, abort, resume, restart, tag, untag, prune."""

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField

from webapp.access import allow
from webapp.clock import now
from webapp.engine.words import count
from webapp.models.run import Run
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
from webapp.models.transaction import writing
from webapp.pages import pages
from webapp.pages.confirmation import confirm
from webapp.pages.run import this_run
from webapp.people import me
from webapp.storage import log_store


class RestartForm(FlaskForm):
    """Whether what earlier attempts left goes."""

    clear = BooleanField("Delete the logs and artifacts of earlier attempts first")


@pages.route("/runs/<name>/stop", methods=["GET", "POST"])
@allow("member")
def stop(name: str) -> str | Response | tuple[str, int]:
    """Gently: programs may end by themselves."""
    row = this_run(name)
    return confirm(
        f"Stop {row.name}?",
        (
            "Jobs that wait are taken out of the queue. Jobs that run are told to end and get a "
            "few seconds for it. Logs are kept, and the run can be resumed.",
        ),
        button="Stop the run",
        back=url_for("pages.run", name=row.name),
        act=lambda: _do(row, lambda: stop_run(me(), row, now()), "{} told to stop."),
    )


@pages.route("/runs/<name>/abort", methods=["GET", "POST"])
@allow("member")
def abort_run(name: str) -> str | Response | tuple[str, int]:
    """At once."""
    row = this_run(name)
    return confirm(
        f"Abort {row.name}?",
        ("Its jobs are killed at once, without a chance to save anything. Logs so far are kept.",),
        button="Abort the run",
        back=url_for("pages.run", name=row.name),
        act=lambda: _do(row, lambda: stop_run(me(), row, now(), abort=True), "{} aborted."),
    )


@pages.post("/runs/<name>/resume")
@allow("member")
def resume_this_run(name: str) -> Response:
    """What did not succeed is queued again."""
    row = this_run(name)
    return _do(row, lambda: resume_run(me(), row, now()), "{} queued again.")


@pages.route("/runs/<name>/restart", methods=["GET", "POST"])
@allow("member")
def restart(name: str) -> str | Response | tuple[str, int]:
    """Everything again."""
    row, form = this_run(name), RestartForm()

    def act() -> Response:
        clear = log_store().delete if form.clear.data else None
        return _do(row, lambda: restart_run(me(), row, now(), clear), "{} queued again.")

    return confirm(
        f"Restart {row.name}?",
        ("All its jobs run again from the beginning, those that are done too.",),
        button="Restart the run",
        back=url_for("pages.run", name=row.name),
        act=act,
        form=form,
        risky=False,
    )


@pages.post("/runs/<name>/tag")
@allow("member")
def tag(name: str) -> Response:
    """Give it a name to find it by; tagged runs are not pruned."""
    row = this_run(name)
    wanted = request.form.get("tag", "").strip() or None
    try:
        with writing():
            given = tag_run(me(), row, wanted, now())
        flash(f"{row.name} is tagged {given}.")
    except RunRefused as refused:
        flash(str(refused), "error")
    return redirect(url_for("pages.run", name=row.name), 303)


@pages.post("/runs/<name>/untag")
@allow("member")
def untag(name: str) -> Response:
    """Take the tag away."""
    row = this_run(name)
    with writing():
        untag_run(me(), row, now())
    flash(f"{row.name} has no tag any more.")
    return redirect(url_for("pages.run", name=row.name), 303)


@pages.route("/runs/prune", methods=["GET", "POST"])
@allow("member")
def prune() -> str | Response | tuple[str, int]:
    """Delete finished runs that have no tag."""
    many = len(prunable())
    says = (
        f"{count(many, 'finished run')} without a tag, with their jobs, logs, "
        "artifacts and events. This cannot be undone. Give a run a tag to keep it.",
    )
    return confirm(
        "Delete old runs?",
        says if many else ("There is no finished run without a tag: nothing would be deleted.",),
        button="Prune",
        back=url_for("pages.runs"),
        act=_prune,
    )


def _prune() -> Response:
    with writing():
        many, jobs = prune_runs(me(), now())
    for job in jobs:
        log_store().delete(job)
    flash(f"{count(many, 'run')} deleted.")
    return redirect(url_for("pages.runs"), 303)


def _do(row: Run, verb: Callable[[], int], said: str) -> Response:
    try:
        with writing():
            many = verb()
        flash(f"{row.name}: " + said.format(count(many, "job")))
    except RunRefused as refused:
        flash(str(refused), "error")
    return redirect(url_for("pages.run", name=row.name), 303)
