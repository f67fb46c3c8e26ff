"""What a job begins with: the artifacts of the jobs it needs."""

from typing import Annotated, Any

from flask import Response, jsonify
from pydantic import Field

from webapp.access import allow
from webapp.agents import agents
from webapp.agents.open_attempt import OfAttempt, open_attempt
from webapp.agents.schemas import Hex
from webapp.errors import Refused
from webapp.extensions import db
from webapp.json_input import json_input
from webapp.models.artifact_inputs import deleted_inputs, input_blobs, input_files
from webapp.storage import store_named
from webapp.storage.content import CannotKeep, Content

_FILES = 1000
_MOST_BYTES = 8 * 1024 * 1024


class Listing(OfAttempt):
    """`POST jobs/<job>/inputs`"""

    start: Annotated[int, Field(ge=0, le=10**9, alias="from")] = 0


class Part(OfAttempt):
    """`POST jobs/<job>/inputs/<sha256>`"""

    offset: Annotated[int, Field(ge=0, le=2**62)]
    size: Annotated[int, Field(ge=1, le=_MOST_BYTES)]


class Several(OfAttempt):
    """`POST jobs/<job>/inputs/bundle`"""

    files: Annotated[list[Hex], Field(min_length=1, max_length=256)]


@agents.post("/jobs/<job_id>/inputs")
@allow("runner")
def inputs(job_id: str) -> Response:
    """Which files, in the order in which they are put into the folder."""
    body = json_input(Listing)
    job = open_attempt(job_id, body.attempt)
    gone = [] if body.start else deleted_inputs(job.input_jobs)
    if gone:
        sentence = f"The artifacts of {', '.join(gone)}, which the job needs, are deleted."
        raise Refused(409, "cannot_read", sentence)
    rows = input_files(job.input_jobs, body.start, _FILES + 1)
    following = body.start + _FILES if len(rows) > _FILES else None
    try:
        files = [_file(row) for row in rows[:_FILES]]
    except CannotKeep as error:
        raise Refused(409, "cannot_read", str(error)) from error
    return jsonify(files=files, next=following, bundle=_MOST_BYTES)


@agents.post("/jobs/<job_id>/inputs/bundle")
@allow("runner")
def input_bundle(job_id: str) -> Response:
    """Several small ones, one after the other, each whole."""
    body = json_input(Several)
    rows = input_blobs(open_attempt(job_id, body.attempt).input_jobs, body.files)
    chosen = [rows[sha256] for sha256 in body.files if sha256 in rows]
    if len(chosen) < len(body.files):
        raise Refused(409, "cannot_read", "A file that the job needs is not kept any more.")
    if sum(row.size for row in chosen) > _MOST_BYTES:
        raise Refused(413, "too_large", f"Ask for at most {_MOST_BYTES} bytes at once.")
    db.session.remove()  # the disk may be slow; nothing of the database is held meanwhile
    return _bytes(b"".join(_read(row, 0, row.size) for row in chosen))


@agents.post("/jobs/<job_id>/inputs/<sha256>")
@allow("runner")
def input_part(job_id: str, sha256: str) -> Response:
    """Bytes of one of them."""
    body = json_input(Part)
    row = input_blobs(open_attempt(job_id, body.attempt).input_jobs, [sha256]).get(sha256)
    if row is None:
        raise Refused(409, "cannot_read", "A file that the job needs is not kept any more.")
    db.session.remove()  # the disk may be slow; nothing of the database is held meanwhile
    return _bytes(_read(row, body.offset, body.size))


def _bytes(content: bytes) -> Response:
    return Response(content, mimetype="application/octet-stream")


def _read(row: Any, offset: int, size: int) -> bytes:
    try:
        with store_named(row.store).open(_content(row)) as file:
            file.seek(offset)
            return file.read(size)
    except CannotKeep as error:
        status, code = (503, "busy") if error.passing else (409, "cannot_read")
        raise Refused(status, code, str(error)) from error


def _file(row: Any) -> dict[str, Any]:
    return {
        "job": row.job_id,
        "workflow_name": row.workflow_name,
        "path": row.path,
        "size": row.size,
        "sha256": row.sha256,
        "mode": row.mode,
        "url": store_named(row.store).url(_content(row)),
    }


def _content(row: Any) -> Content:
    return Content(row.key, row.sha256, row.size)
