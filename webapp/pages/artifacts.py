"""What the jobs of a run left: on the run's page, and folder by folder on pages of their own."""

import zlib
from typing import Any, NamedTuple

from flask import Response, abort, render_template, request, url_for

from webapp.access import allow
from webapp.extensions import db
from webapp.models.artifact import kept_attempt
from webapp.models.artifact_list import Left, Page, left_by, page_of, troubles
from webapp.models.job import Job
from webapp.models.run import Run, run_named
from webapp.models.run_list import jobs_of_runs
from webapp.pages import pages
from webapp.pages.run_log import number

MOST = 200  # entries of a folder at once
_MOST_JOBS = 500


class Of(NamedTuple):
    """A job that left something, or should have. `page`: its first folder, when it is unfolded."""

    job: Any
    left: Left | None
    trouble: tuple[int, str] | None
    page: Page | None


class Kept(NamedTuple):
    """Whose artifacts an address is about."""

    job: Job
    run: Run
    attempt: int


def artifacts_view(run: Run, jobs: list[Any], chosen: Any) -> dict[str, Any]:
    """What the section of the run's page shows; that of the chosen job is unfolded."""
    ids = [job.id for job in jobs]
    left, trouble = left_by(ids), troubles(ids)
    told = [job for job in jobs if job.id in left or job.id in trouble]
    unfolded = next((job.id for job in (chosen, *told) if job and job.id in left), None)
    shown = [_of(job, left.get(job.id), trouble.get(job.id), job.id == unfolded) for job in told]
    names = dict.fromkeys(name for job in jobs for name in job.artifact_paths)
    seen = zlib.crc32(repr([(left.get(i), trouble.get(i)) for i in ids]).encode())
    poll = url_for("pages.run_artifacts", name=run.name, v=seen, job=chosen.id if chosen else None)
    return {
        "artifacts": shown,
        "artifact_names": list(names),
        "artifacts_version": seen,
        "artifacts_poll": None if run.finished or not names else poll,
    }


@pages.get("/runs/<name>/artifacts")
@allow("viewer")
def run_artifacts(name: str) -> str | Response:
    """The section again, when something in it changed."""
    run = run_named(name)
    if run is None:
        abort(404, f"There is no run called {name[:100]}. It may have been pruned.")
    jobs = jobs_of_runs([run.id], most=_MOST_JOBS)[run.id]
    chosen = next((job for job in jobs if job.id == request.args.get("job")), None)
    view = artifacts_view(run, jobs, chosen)
    if request.args.get("v") == str(view["artifacts_version"]):
        # 286 ends the polling; the folders that somebody unfolded stay as they are.
        return Response(status=286 if run.finished else 204, headers={"HX-Reswap": "none"})
    return render_template("artifacts/section.html", run=run, **view)


@pages.get("/jobs/<job_id>/artifacts")
@allow("viewer")
def artifacts(job_id: str) -> str:
    """One folder, a page at a time."""
    kept = kept_of(job_id)
    return render_template("artifacts/page.html", section="Runs", kept=kept, **_folder(kept))


@pages.get("/jobs/<job_id>/artifacts/folder")
@allow("viewer")
def artifact_folder(job_id: str) -> str:
    """The same to be put into a page, when somebody unfolds it."""
    kept = kept_of(job_id)
    return render_template("artifacts/folder.html", job_id=job_id, **_folder(kept))


def kept_of(job_id: str) -> Kept:
    """The job of the address; 404 in words."""
    job = db.session.get(Job, job_id)
    if job is None:
        abort(404, "There is no such job. Its run may have been pruned.")
    attempt = kept_attempt(job_id)
    if attempt is None:
        abort(404, "This job left no artifacts, or they are deleted.")
    return Kept(job, db.session.get_one(Run, job.run_id), attempt.number)


def _folder(kept: Kept) -> dict[str, Any]:
    folder, start = request.args.get("folder", "").strip("/"), number("start")
    page = page_of(kept.job.id, kept.attempt, folder, start, MOST)
    if not page.total and folder:
        abort(404, "There is no such folder.")
    return {"page": page, "folder": folder, "trail": trail_of(folder), "most": MOST}


def trail_of(path: str) -> list[tuple[str, str]]:
    """(name, path) of each folder on the way to it, itself included."""
    parts = path.split("/") if path else []
    return [(name, "/".join(parts[: at + 1])) for at, name in enumerate(parts)]


def _of(job: Any, left: Left | None, trouble: Any, unfolded: bool) -> Of:
    page = page_of(job.id, left.attempt, "", 0, MOST) if left and unfolded else None
    return Of(job, left, trouble, page)
