"""One runner: what it is, what it does, what happened to it."""

from typing import Any

from flask import abort, render_template, url_for

from webapp.access import allow
from webapp.engine.region_names import region_name
from webapp.engine.states import HEARD_RUNNER
from webapp.models.changes import newest_event
from webapp.models.event import events_of
from webapp.models.instance import billing_since, instance_of
from webapp.models.job_moves import active_jobs
from webapp.models.runner import Runner, runner_named
from webapp.models.runner_list import tries_on
from webapp.pages import pages
from webapp.pages.live import NOTHING_NEW, seen, version
from webapp.pages.looks import job_look, runner_look
from webapp.pages.runner_marks import marks


@pages.get("/runners/<name>")
@allow("viewer")
def runner(name: str) -> str:
    """The page of one runner."""
    return render_template("runners/one.html", section="Runners", **_view(this_runner(name)))


@pages.get("/runners/<name>/changes")
@allow("viewer")
def runner_changes(name: str) -> str | tuple[str, int]:
    """The live part of it, when it is not what the page shows."""
    row = this_runner(name)
    if seen() == version(newest_event(runner_id=row.id)):
        return NOTHING_NEW
    return render_template("runners/one_changes.html", **_view(row))


def this_runner(name: str) -> Runner:
    """The runner of the address; 404 in words."""
    row = runner_named(name)
    if row is None:
        abort(404, f"There is no runner called {name[:100]}.")
    return row


def _view(row: Runner) -> dict[str, Any]:
    shown = version(newest_event(runner_id=row.id))
    machine = instance_of(row.id)
    return {
        "runner": row,
        "look": runner_look(row.status),
        "marks": marks(row),
        "here": row.status in HEARD_RUNNER,
        "region": region_name(row.region) if row.region else None,
        "jobs": active_jobs(row.id),
        "tries": tries_on(row.id),
        "job_look": job_look,
        "events": events_of(runner_id=row.id),
        "machine": machine,
        "billing_since": billing_since(machine) if machine else None,
        "poll": url_for("pages.runner_changes", name=row.name, v=str(shown)),
    }
