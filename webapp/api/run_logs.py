"""The logs of all jobs of a run, in order, also while they grow."""

import time
from collections.abc import Iterator
from typing import Annotated

from flask import Response
from pydantic import ConfigDict, Field
from sqlalchemy import select

from webapp.access import allow
from webapp.api import api
from webapp.api.describing import Example, Raw, describe
from webapp.api.log_parts import Cursor, Part, Tail, Tried, read_cursor, tail
from webapp.api.logs import LOOK_SECONDS, Follow, patience, pieces
from webapp.api.runs import known_run
from webapp.api.words import NO_RUN
from webapp.engine.states import FINISHED_JOB
from webapp.errors import Refused
from webapp.extensions import db
from webapp.json_input import Query, query_input
from webapp.models.job import Job
from webapp.storage import log_store
from webapp.storage.logs import LogStore
from webapp.wakeups import the_wakeups, wait_for


class RunPlace(Query):
    """Where to begin."""

    model_config = ConfigDict(extra="forbid")
    cursor: Annotated[str | None, Field(description="`Log-Next-Cursor` of the answer before.")] = (
        None
    )
    headings: Annotated[
        bool, Field(description="A line before each log that says which job it is.")
    ] = False
    follow: Follow = False


@api.get("/runs/<run_name>/logs")
@allow("token viewer")
@describe(
    query=RunPlace,
    answers=Raw(
        "application/octet-stream",
        "What the jobs printed, byte for byte, one job after another.",
        {"Log-Next-Cursor": "Where to go on.", "Log-Finished": "`true`: no more will come."},
    ),
    errors=NO_RUN,
    examples=[
        Example("all of it", path={"run_name": "wise-otter-1"}),
        Example(
            "the rest, with headings",
            path={"run_name": "cowardly-goose-1"},
            query={"cursor": "0.1.5", "headings": "true"},
        ),
    ],
)
def run_logs(run_name: str) -> Response:
    """Read the logs of a run.

    Job after job, of each the last attempt; what comes behind a job that goes on is not said
    before it is over. To follow it, go on at `Log-Next-Cursor` until `Log-Finished` is `true`;
    further attempts are then read too."""
    place = query_input(RunPlace)
    found = _await(run_name, _cursor(place.cursor), place.follow)
    headers = {"Log-Next-Cursor": str(found.cursor), "Log-Finished": str(found.finished).lower()}
    content = _content(log_store(), found.parts, place.headings)
    return Response(content, mimetype="application/octet-stream", headers=headers)


def _cursor(text: str | None) -> Cursor:
    cursor = Cursor() if text is None else read_cursor(text)
    if cursor is None:
        sentence = "This is no cursor: leave it out, or take `Log-Next-Cursor` of an answer."
        raise Refused(400, "bad_request", f"cursor: {sentence}", {"cursor": sentence})
    return cursor


def _await(run_name: str, cursor: Cursor, follow: bool) -> Tail:
    """What there is, once there is something to say."""
    deadline = time.monotonic() + patience(follow)
    wakeups = the_wakeups()
    job_id, found = _look(run_name, cursor)
    while not _says_something(found) and not wakeups.closed:
        rest = deadline - time.monotonic()
        if rest <= 0:
            break
        with wakeups.reader(f"log:{job_id}") as bell:
            job_id, found = _look(run_name, cursor)
            if not _says_something(found):
                wait_for(bell, min(rest, LOOK_SECONDS))
        job_id, found = _look(run_name, cursor)
    return found


def _says_something(found: Tail) -> bool:
    return bool(found.parts) or found.finished


def _look(run_name: str, cursor: Cursor) -> tuple[str, Tail]:
    """What there is, and the job of which more may come."""
    table = Job.__table__.c
    columns = (table.id, table.workflow_name, table.attempt, table.status)
    query = select(*columns).where(table.run_id == known_run(run_name).id).order_by(table.position)
    rows = db.session.execute(query).all()
    jobs = [Tried(row[0], row[1], row[2], row[3] in FINISHED_JOB) for row in rows]
    db.session.remove()  # nothing of the database is held while we wait
    found = tail(jobs, cursor, log_store().size)
    return jobs[min(found.cursor.position, len(jobs) - 1)].id, found


def _content(store: LogStore, parts: list[Part], headings: bool) -> Iterator[bytes]:
    # The store comes along: when this is sent, the request is over.
    for part in parts:
        if headings and part.start == 0:
            name = f" {part.job.name}" if part.job.name else ""
            yield f"==> {part.job.id}{name}, attempt {part.attempt} <==\n".encode()
        yield from pieces(store, part.job.id, part.attempt, part.start, part.end)
