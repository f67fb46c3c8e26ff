"""The log of an attempt: a part of it on the run's page, its end as it grows, all of it as a file.

The end is a long poll: lines, and then an element that carries where to go on and asks for more as
soon as it is in the page. Finished, it comes back without asking.
"""

import time
from collections.abc import Iterator
from typing import Any

from flask import Response, abort, render_template, request, url_for

from webapp.access import allow
from webapp.engine.states import FINISHED_JOB
from webapp.extensions import db
from webapp.models.job import Attempt, Job
from webapp.models.run import Run
from webapp.pages import pages
from webapp.pages.ansi import pack, unpack
from webapp.pages.log_window import news, tail_window, window_at
from webapp.storage import LogStore, log_store
from webapp.wakeups import the_wakeups, wait_for

_PATIENCE_SECONDS = 10
_LOOK_SECONDS = 0.25  # a chunk that another process stored rings no bell in this one
_CHUNK = 256 * 1024
_LARGEST = 2**62


def log_view(job: Any) -> dict[str, Any]:
    """What the run's page shows of the log of this job."""
    current = job.attempt + 1 if job.status == "submitted" else max(job.attempt, 1)
    attempt = number("attempt", current)
    ended = _over(job.id, attempt)
    if "line" in request.args:
        window = window_at(job.id, attempt, number("line"), ended)
    elif "from" in request.args:
        window = window_at(job.id, attempt, number("from"), ended, before=0)
    else:
        window = tail_window(job.id, attempt, ended)
    return {
        "log": window,
        "attempt": attempt,
        "ended": ended,
        "goes_on": job.status not in FINISHED_JOB,
        "tail": None if ended or window.later is not None else _next(job.id, attempt, window.piece),
        "follow": "line" not in request.args and "from" not in request.args,
    }


@pages.get("/jobs/<job_id>/tail")
@allow("viewer")
def tail(job_id: str) -> str:
    """What was printed since `offset`, as soon as there is something, within ten seconds."""
    if db.session.get(Job, job_id) is None:
        abort(404)
    attempt, offset, shown = number("attempt", 1), number("offset"), number("seen")
    ended = _wait(job_id, attempt, shown)
    pen = unpack(request.args.get("pen", ""))
    left_out, piece, size = news(job_id, attempt, offset, pen, ended)
    over = ended and piece.rest_at >= size
    return render_template(
        "runs/tail.html",
        left_out=left_out,
        lines=piece.lines,
        rest=piece.rest,
        attempt=attempt,
        job_id=job_id,
        ended=over,
        goes_on=over and not db.session.get_one(Job, job_id).finished,
        tail=None if over else _next(job_id, attempt, piece),
    )


@pages.get("/jobs/<job_id>/log")
@allow("viewer")
def log_file(job_id: str) -> Response:
    """The whole log of one attempt, as a file."""
    job = db.session.get(Job, job_id)
    if job is None:
        abort(404, "There is no such job. Its run may have been pruned.")
    attempt = number("attempt", max(job.attempt, 1))
    name = f"{db.session.get(Run, job.run_id).name}-{job_id}-{attempt}.log"
    size = log_store().size(job_id, attempt)
    pieces = _pieces(log_store(), job_id, attempt, size)
    response = Response(pieces, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Length"] = str(size)
    return response


def number(name: str, otherwise: int = 0) -> int:
    """A whole number of the address; 404 for anything else."""
    text = request.args.get(name, "")
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit() and int(text) < _LARGEST):
        abort(404)
    return int(text)


def _next(job_id: str, attempt: int, piece: Any) -> str:
    about = {"attempt": attempt, "offset": piece.rest_at, "seen": piece.end}
    return url_for("pages.tail", job_id=job_id, pen=pack(piece.pen) or None, **about)


def _wait(job_id: str, attempt: int, shown: int) -> bool:
    """Wait for more than `shown` bytes; whether the attempt was over before they were counted."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    with the_wakeups().reader(f"log:{job_id}") as bell:
        rang = False
        while True:
            ended = _over(job_id, attempt)
            db.session.remove()  # waiting readers hold no connection
            more = log_store().size(job_id, attempt) > shown
            # It also rings when the server stops: then nobody may go on waiting.
            if ended or more or rang or time.monotonic() > deadline:
                return ended
            rang = wait_for(bell, _LOOK_SECONDS)


def _over(job_id: str, attempt: int) -> bool:
    """Whether nothing will be added to this log."""
    job = db.session.get(Job, job_id, populate_existing=True)
    if job is None or attempt < job.attempt:
        return True
    row = db.session.get(Attempt, (job_id, attempt), populate_existing=True)
    return row.finished_at is not None if row else job.status in FINISHED_JOB


def _pieces(store: LogStore, job_id: str, attempt: int, size: int) -> Iterator[bytes]:
    # It is sent when the request's context is gone.
    at = 0
    while at < size:
        chunk = store.read(job_id, attempt, at, min(_CHUNK, size - at))
        if not chunk:
            return
        yield chunk
        at += len(chunk)
