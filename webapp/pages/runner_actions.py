"""Drain, resume, remove. What a machine of a limit is told, the scheduler carries out."""

from collections.abc import Callable, Set

from flask import flash, redirect, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectChoice

from webapp.access import allow
from webapp.clock import now
from webapp.engine.states import ABSENT_RUNNER
from webapp.engine.states import Runner as Status
from webapp.engine.words import count
from webapp.models.absent_runner import drain_absent, resume_absent
from webapp.models.attempts import lose_attempts
from webapp.models.claiming import lock_runner
from webapp.models.event import SCHEDULER
from webapp.models.instance import instance_of
from webapp.models.job_moves import active_jobs
from webapp.models.runner import ON_DEMAND, SELF_HOSTED, Runner
from webapp.models.runner_moves import drain_runner, remove_runner, resume_runner
from webapp.models.transaction import writing
from webapp.models.wishes import DRAIN, NOW, wish_end
from webapp.pages import pages
from webapp.pages.confirmation import confirm
from webapp.pages.runner import this_runner
from webapp.people import me

_FIRST = "Somebody was faster: {name} has changed meanwhile. Look at it before you go on."
REMOVABLE = (Status.LIVE, Status.DRAINING, Status.LOST, Status.OFFLINE)


class EndForm(FlaskForm):
    """What becomes of the jobs on a machine that is ended."""

    when = RadioField(
        "Jobs on it",
        choices=[
            SelectChoice(DRAIN, "Finish them first"),
            SelectChoice(NOW, "End now: its jobs are queued again"),
        ],
        default=DRAIN,
    )


@pages.post("/runners/<name>/drain")
@allow("member")
def drain(name: str) -> Response:
    """No more jobs; those on it go on."""
    row = this_runner(name)
    why = f"{me().name} drained it."
    if row.kind == SELF_HOSTED and row.status in ABSENT_RUNNER:
        said = f"{row.name} will take no jobs when it comes back."
        return _move(row, ABSENT_RUNNER, drain_absent, why, said)
    return _move(row, {Status.LIVE}, drain_runner, why, f"{row.name} takes no more jobs.")


@pages.post("/runners/<name>/resume")
@allow("member")
def resume(name: str) -> Response:
    """Jobs again."""
    row = this_runner(name)
    if row.kind == ON_DEMAND:
        flash(f"{row.name} is on its way out; a new machine comes when work does.", "error")
        return _back(row)
    if row.status in ABSENT_RUNNER:
        said = f"{row.name} will take jobs when it comes back."
        return _move(row, ABSENT_RUNNER, resume_absent, "", said)
    return _move(row, {Status.DRAINING}, resume_runner, "", f"{row.name} takes jobs again.")


@pages.route("/runners/<name>/remove", methods=["GET", "POST"])
@allow("member")
def remove(name: str) -> str | Response | tuple[str, int]:
    """Out of the list, after saying what happens to its jobs."""
    row = this_runner(name)
    if row.kind == ON_DEMAND:
        return _end(row)
    if row.status not in REMOVABLE:
        flash(f"{row.name} is {row.status}: there is nothing to remove.", "error")
        return _back(row)
    return confirm(
        f"Remove {row.name}?",
        (_fate(row), _AFTER),
        button="Remove",
        back=url_for("pages.runner", name=row.name),
        act=lambda: _remove(row),
    )


_AFTER = (
    "Its credential stops working. To use the machine again, run dstack-runner config there "
    "once more."
)


def _fate(row: Runner) -> str:
    jobs = active_jobs(row.id)
    if not jobs:
        return "It runs no job now."
    again = sum(job.retries_left > 0 for job in jobs)
    return (
        f"It runs {count(len(jobs), 'job')}. They are killed there: {again} will be tried again "
        f"on another runner, {len(jobs) - again} will fail, because no retry is left."
    )


def _remove(row: Runner) -> Response:
    why = f"{me().name} removed it."
    with writing():
        current = lock_runner(row.id)
        moved = current.status in REMOVABLE and remove_runner(me(), current, why, now())
        if moved:
            lose_attempts(SCHEDULER, row.id, "the runner was removed", now())
    if not moved:
        flash(_FIRST.format(name=row.name), "error")
        return _back(row)
    flash(f"{row.name} is removed.")
    return redirect(url_for("pages.runners"), 303)


def _end(row: Runner) -> str | Response | tuple[str, int]:
    machine, form = instance_of(row.id), EndForm()
    if machine is None or machine.status in ("terminating", "terminated"):
        flash(f"{row.name} is on its way out already.", "error")
        return _back(row)
    jobs = active_jobs(row.id)

    def act() -> Response:
        with writing():
            asked = wish_end(me(), machine, form.when.data, now())
        text = f"{row.name} is being ended; AWS bills it until it says that it is terminated."
        flash(text if asked else _FIRST.format(name=row.name), "message" if asked else "error")
        return _back(row)

    return confirm(
        f"End {row.name}?",
        (f"It runs {count(len(jobs), 'job')}." if jobs else "It runs no job now.",),
        button="End this machine",
        back=url_for("pages.runner", name=row.name),
        act=act,
        form=form,
    )


def _move(
    row: Runner, old: Set[Status], verb: Callable[..., bool], why: str, said: str
) -> Response:
    with writing():
        current = lock_runner(row.id)
        moved = current.status in old and verb(me(), current, why, now())
    flash(said if moved else _FIRST.format(name=row.name), "message" if moved else "error")
    return _back(row)


def _back(row: Runner) -> Response:
    return redirect(url_for("pages.runner", name=row.name), 303)
