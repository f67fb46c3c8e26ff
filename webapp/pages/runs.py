"""Runs: the list, live, newest first."""

import zlib
from typing import Any, NamedTuple

from flask import render_template, request, url_for

from webapp.access import allow
from webapp.models.changes import newest_event
from webapp.models.run import Run
from webapp.models.run_list import (
    MOST_JOBS,
    any_run,
    job_counts,
    jobs_of_runs,
    run_rows,
    waiting_digest,
)
from webapp.models.why_waits import waiting_in, why_waits
from webapp.pages import pages
from webapp.pages.live import NOTHING_NEW, Version, seen, version
from webapp.pages.looks import Look, job_look, statuses_named

PAGE = 50
_LARGEST = 2**62


class Listed(NamedTuple):
    """A run and its first jobs; `more`: how many jobs are only on its own page."""

    run: Run
    jobs: list[Any]
    look: Look
    finished: int
    total: int
    more: int
    why: str | None


@pages.get("/runs")
@allow("viewer")
def runs() -> str:
    """What was submitted."""
    return render_template("runs/page.html", section="Runs", **_view(_version()))


@pages.get("/runs/changes")
@allow("viewer")
def runs_changes() -> str | tuple[str, int]:
    """The list, when it is not what the page shows."""
    now_is = _version()
    if seen() == now_is:
        return NOTHING_NEW
    return render_template("runs/changes.html", **_view(now_is))


def _version() -> Version:
    asked = (request.args.get("q", ""), request.args.get("before", ""))
    return version(newest_event(), waiting_digest() ^ zlib.crc32(repr(asked).encode()))


def _view(shown: Version) -> dict[str, Any]:
    words, before = request.args.get("q", "").strip(), _before()
    rows = run_rows(PAGE + 1, before, words, statuses_named(words))
    listed = _listed(rows[:PAGE])
    older = rows[PAGE - 1].id if len(rows) > PAGE else None
    kept = {"q": words or None, "before": before}
    return {
        "listed": listed,
        "words": words,
        "empty": not listed and not any_run(),
        "older": url_for("pages.runs", q=words or None, before=older) if older else None,
        "newest": url_for("pages.runs", q=words or None) if before else None,
        "poll": url_for("pages.runs_changes", v=str(shown), **kept),
        "job_look": job_look,
        "waiting_sentence": waiting_in(job for line in listed for job in line.jobs),
    }


def _before() -> int | None:
    text = request.args.get("before", "")
    return int(text) if text.isdigit() and int(text) < _LARGEST else None


def _listed(rows: list[Run]) -> list[Listed]:
    ids = [run.id for run in rows]
    jobs, counts = jobs_of_runs(ids), job_counts(ids)
    lines = []
    for run in rows:
        finished, total = counts[run.id]
        more = max(0, total - MOST_JOBS)
        why = _one_sentence(jobs[run.id])
        lines.append(Listed(run, jobs[run.id], job_look(run.status), finished, total, more, why))
    return lines


def _one_sentence(jobs: list[Any]) -> str | None:
    """Why the run is where it is, when its jobs say it in one sentence."""
    for job in jobs:
        if job.status == "submitted" and not job.blocked_by:
            return why_waits(job, jobs)
    reasons = [job.reason for job in jobs if job.status == "failed" and job.reason]
    return reasons[0] if reasons else None
