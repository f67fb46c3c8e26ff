"""Logs, byte for byte, from any offset, also while they grow."""

import time
from collections.abc import Iterator
from typing import Annotated

from flask import Response, current_app
from pydantic import ConfigDict, Field

from webapp.access import allow
from webapp.api import api
from webapp.api.describing import Example, Raw, describe
from webapp.api.jobs import known_job
from webapp.api.words import NO_JOB
from webapp.extensions import db
from webapp.json_input import Query, query_input
from webapp.storage import log_store
from webapp.storage.logs import LogStore
from webapp.wakeups import the_wakeups, wait_for

LOOK_SECONDS = 0.5  # another process may write: look even when nothing is announced
_PIECE = 256 * 1024

Follow = Annotated[
    bool,
    Field(description="Wait when there is nothing new and more may come, by default up to 20 s."),
]


class Place(Query):
    """Where to begin."""

    model_config = ConfigDict(extra="forbid")
    offset: Annotated[int, Field(ge=0, le=2**62, description="So many bytes are skipped.")] = 0
    attempt: Annotated[
        int | None, Field(ge=1, le=10**6, description="By default the last one.")
    ] = None
    follow: Follow = False


@api.get("/jobs/<job_id>/logs")
@allow("token viewer")
@describe(
    query=Place,
    answers=Raw(
        "application/octet-stream",
        "What the job printed, byte for byte.",
        {
            "Log-Next-Offset": "Where to go on.",
            "Log-Finished": "`true`: no more will come.",
            "Log-Attempt": "Which attempt it is.",
        },
    ),
    errors=NO_JOB,
    examples=[
        Example("all of it", path={"job_id": "5a1f0c3e9b72"}),
        Example("the rest", path={"job_id": "5a1f0c3e9b72"}, query={"offset": "5"}),
    ],
)
def job_logs(job_id: str) -> Response:
    """Read a job's log.

    What there is from the offset on. To follow it, go on at `Log-Next-Offset` until
    `Log-Finished` is `true`."""
    place = query_input(Place)
    attempt, size, finished = _await(job_id, place)
    end = max(size, place.offset)
    headers = {"Log-Next-Offset": str(end), "Log-Finished": str(finished).lower()}
    headers["Log-Attempt"] = str(attempt)
    content = pieces(log_store(), job_id, attempt, place.offset, end)
    return Response(content, mimetype="application/octet-stream", headers=headers)


def _await(job_id: str, place: Place) -> tuple[int, int, bool]:
    """Attempt, size of its log, and whether it is over, once there is something to say."""
    deadline = time.monotonic() + patience(place.follow)
    wakeups = the_wakeups()
    with wakeups.reader(f"log:{job_id}") as bell:
        while True:
            bell.clear()
            attempt, size, finished = _look(job_id, place)
            rest = deadline - time.monotonic()
            if size > place.offset or finished or rest <= 0 or wakeups.closed:
                return attempt, size, finished
            wait_for(bell, min(rest, LOOK_SECONDS))


def patience(follow: bool) -> float:
    """How many seconds to wait for more: as long as a poll of a runner."""
    return current_app.extensions["settings"].poll_seconds if follow else 0


def _look(job_id: str, place: Place) -> tuple[int, int, bool]:
    job = known_job(job_id)
    attempt = place.attempt or job.attempt
    # Whether it is over comes first: asked the other way round, the last lines could be missed.
    finished = job.finished or attempt < job.attempt
    db.session.remove()  # nothing of the database is held while we wait
    return attempt, log_store().size(job_id, attempt), finished


def pieces(store: LogStore, job_id: str, attempt: int, start: int, end: int) -> Iterator[bytes]:
    """The bytes of a log, not all of them in memory at once."""
    while start < end:
        piece = store.read(job_id, attempt, start, min(_PIECE, end - start))
        if not piece:
            return  # deleted meanwhile
        start += len(piece)
        yield piece
