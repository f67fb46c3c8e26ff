"""Rehearse an interruption on a live runner: with the simulator a button, with AWS a way."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from webapp.access import allow
from webapp.engine.states import HEARD_RUNNER
from webapp.engine.words import count
from webapp.models.instance import Instance, instance_of
from webapp.models.job_moves import active_jobs
from webapp.models.runner import ON_DEMAND, Runner
from webapp.pages import pages
from webapp.pages.confirmation import confirm
from webapp.pages.runner import this_runner
from webapp.practice import PracticeError, ask_practice, practice_aws


@pages.route("/runners/<name>/rehearse", methods=["GET", "POST"])
@allow("admin")
def rehearse(name: str) -> str | Response | tuple[str, int]:
    """EC2 gives notice, as it does when it takes a spot machine back."""
    row = this_runner(name)
    machine = instance_of(row.id) if row.kind == ON_DEMAND else None
    problem = _problem(row, machine)
    if problem or machine is None:
        flash(problem, "error")
        return _back(row)
    if practice_aws() is None:
        return render_template("aws/rehearse.html", section="Runners", runner=row, machine=machine)
    return confirm(
        f"Rehearse an interruption of {row.name}?",
        (
            "Practice AWS gives notice as EC2 does: the runner takes no more jobs, those on it "
            "are told and queued again without spending a retry, and the machine ends.",
            f"It runs {count(len(active_jobs(row.id)), 'job')} now.",
        ),
        button="Rehearse an interruption",
        back=url_for("pages.runner", name=row.name),
        act=lambda: _interrupt(row, machine),
    )


def _problem(row: Runner, machine: Instance | None) -> str:
    if machine is None:
        return f"{row.name} is a machine of your own: only EC2 interrupts machines."
    if row.status not in HEARD_RUNNER or machine.ec2_id is None:
        return f"{row.name} is {row.status}: there is nothing to interrupt."
    if machine.interruption_at is not None:
        return f"{row.name} is being interrupted already."
    return ""


def _interrupt(row: Runner, machine: Instance) -> Response:
    try:
        ask_practice("interrupt", machine.ec2_id)
    except PracticeError as error:
        flash(str(error), "error")
    else:
        flash(f"EC2 has given notice to {row.name}. Watch it here.")
    return _back(row)


def _back(row: Runner) -> Response:
    return redirect(url_for("pages.runner", name=row.name), 303)
