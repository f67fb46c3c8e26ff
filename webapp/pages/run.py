"""One run: its jobs, the log of one of them, what happened."""

from typing import Any

from flask import abort, render_template, request, url_for

from webapp.access import allow
from webapp.engine.dependencies import why_not_alone
from webapp.models.changes import newest_event
from webapp.models.dependents import as_node
from webapp.models.event import events_of
from webapp.models.job import attempts_of
from webapp.models.run import Run, run_named
from webapp.models.run_list import jobs_of_runs
from webapp.models.run_moves import TAG
from webapp.models.why_waits import waiting_in
from webapp.pages import pages
from webapp.pages.artifacts import artifacts_view
from webapp.pages.live import NOTHING_NEW, order_of, seen, version
from webapp.pages.looks import job_look
from webapp.pages.run_code import changes_of, code_view
from webapp.pages.run_graph import graph_of, linked, name_of
from webapp.pages.run_log import log_view

_MOST_JOBS = 500


@pages.get("/runs/<name>")
@allow("viewer")
def run(name: str) -> str:
    """The page of one run."""
    row = this_run(name)
    view = _view(row)
    log = log_view(view["job"]) if view["job"] else {}
    beside = {"changes": changes_of(row), **artifacts_view(row, view["jobs"], view["job"])}
    return render_template("runs/one.html", section="Runs", **beside, **view, **log)


@pages.get("/runs/<name>/changes")
@allow("viewer")
def run_changes(name: str) -> str | tuple[str, int]:
    """The live part of it, when it is not what the page shows; the log lives by itself."""
    row = this_run(name)
    if seen() == _version(row, _jobs(row)):
        return NOTHING_NEW
    return render_template("runs/one_changes.html", **_view(row))


def this_run(name: str) -> Run:
    """The run of the address; 404 in words."""
    row = run_named(name)
    if row is None:
        abort(404, f"There is no run called {name[:100]}. It may have been pruned.")
    return row


def _jobs(row: Run) -> list[Any]:
    return jobs_of_runs([row.id], most=_MOST_JOBS)[row.id]


def _version(row: Run, jobs: list[Any]):
    return version(newest_event(run_id=row.id), order_of(job.waiting for job in jobs))


def _view(row: Run) -> dict[str, Any]:
    jobs = _jobs(row)
    shown = _version(row, jobs)
    job = _chosen(jobs)
    kept = {"job": request.args.get("job"), "attempt": request.args.get("attempt")}
    poll = url_for("pages.run_changes", name=row.name, v=str(shown), **kept)
    return {
        "run": row,
        "look": job_look(row.status),
        "jobs": jobs,
        "finished": sum(each.finished_at is not None for each in jobs),
        "job": job,
        "job_names": {each.id: name_of(each) for each in jobs} if len(jobs) > 1 else {},
        "resumable": job is not None and _resumable(job, jobs),
        "needs": [each for each in jobs if job and each.id in job.depends_on],
        "graph": graph_of(jobs),
        "linked": linked(jobs),
        "attempts": attempts_of(job.id) if job else [],
        "job_look": job_look,
        "waiting_sentence": waiting_in(jobs),
        "events": events_of(run_id=row.id),
        "poll": None if row.finished else poll,
        "tag_pattern": TAG.pattern,
        **code_view(row),
    }


def _resumable(job: Any, jobs: list[Any]) -> bool:
    unsuccessful = job.status in ("stopped", "aborted", "failed")
    return unsuccessful and why_not_alone(job.id, [as_node(each) for each in jobs]) is None


def _chosen(jobs: list[Any]) -> Any:
    """The job that is asked for; otherwise the first one that failed, runs, or is there at all."""
    wanted = request.args.get("job")
    if wanted:
        found = next((job for job in jobs if job.id == wanted), None)
        if found is None:
            abort(404, "This run has no such job.")
        return found
    for status in ("failed", "running"):
        for job in jobs:
            if job.status == status:
                return job
    return jobs[0] if jobs else None
