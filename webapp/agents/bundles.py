"""Many small contents in one call: for each of them alone, a call costs more than its bytes."""

from typing import Annotated, Any

from flask import Response, jsonify, request
from pydantic import Field, TypeAdapter, ValidationError

from webapp.access import allow
from webapp.agents import agents
from webapp.agents.artifacts import PIECE
from webapp.agents.blobs import book, take
from webapp.agents.open_attempt import OfAttempt, open_attempt
from webapp.agents.schemas import Hex
from webapp.errors import Refused, bad_content
from webapp.extensions import db
from webapp.json_input import query_input
from webapp.models.artifact_intake import said_blobs

MOST = 256
_Item = tuple[Hex, Annotated[int, Field(ge=0, le=PIECE)]]
_HEAD = TypeAdapter(Annotated[list[_Item], Field(max_length=MOST)])


@agents.post("/jobs/<job_id>/blobs")
@allow("runner")
def blobs(job_id: str) -> Response:
    """A line that says which contents follow, and those, one after the other, each whole."""
    attempt = query_input(OfAttempt).attempt
    if (request.content_length or 0) > 2 * PIECE:
        raise Refused(413, "too_large", f"Send at most {PIECE} bytes at once.")
    pieces = _pieces(request.get_data(cache=False))
    rows = said_blobs(open_attempt(job_id, attempt), list(pieces))
    db.session.remove()  # the disk may be slow; nothing of the database is held meanwhile
    states = {sha256: take(rows[sha256], 0, pieces[sha256]) for sha256 in pieces if sha256 in rows}
    book([rows[sha256] for sha256, state in states.items() if "whole" in state])
    return jsonify(states=list(states.values()))


def _pieces(raw: bytes) -> dict[str, Any]:
    head, _, content = raw.partition(b"\n")
    try:
        items = _HEAD.validate_json(head)
    except ValidationError as error:
        raise bad_content(error) from None
    found, at = {}, 0
    for sha256, size in items:
        found[sha256] = content[at : at + size]
        at += size
    return found
