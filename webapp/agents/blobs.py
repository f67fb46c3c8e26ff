"""Pieces of a content on their way in."""

from collections.abc import Sequence
from typing import Any

from flask import Response, jsonify, request
from pydantic import Field, ValidationError
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from webapp.access import allow
from webapp.agents import agents
from webapp.agents.artifacts import PIECE
from webapp.agents.open_attempt import OfAttempt, open_attempt
from webapp.errors import Refused, bad_content
from webapp.extensions import db
from webapp.models.artifact_intake import became_whole, said_blobs
from webapp.models.blob import WHOLE, Blob
from webapp.models.transaction import writing
from webapp.storage import store_named, the_checks
from webapp.storage.content import CannotKeep, Content, Next
from webapp.turnstile import standing_aside


class Place(OfAttempt):
    """Where a piece belongs."""

    offset: int = Field(ge=0, le=2**62)


@agents.post("/jobs/<job_id>/blobs/<sha256>")
@allow("runner")
def blob(job_id: str, sha256: str) -> Response:
    """Keep what is new of it; answer what is next."""
    try:
        place = Place.model_validate(request.args.to_dict())
    except ValidationError as error:
        raise bad_content(error) from None
    if (request.content_length or 0) > PIECE:
        raise Refused(413, "too_large", f"Send at most {PIECE} bytes at once.")
    row = said_blobs(open_attempt(job_id, place.attempt), [sha256]).get(sha256)
    if row is None:
        raise Refused(400, "bad_request", "Say first which file has this content.")
    db.session.remove()  # disk and bucket may be slow; nothing of the database is held meanwhile
    state = take(row, place.offset, request.get_data(cache=False))
    if "whole" in state:
        book([row])
    return jsonify(state)


def take(row: Any, offset: int, chunk: bytes) -> dict[str, Any]:
    """Keep what is new of a piece; the STATE of the content. What is whole is still to be booked.
    Raises Refused."""
    state = {"sha256": row.sha256, "size": row.size}
    if row.state == WHOLE:
        return {**state, "whole": True}
    try:
        with standing_aside():
            return {**state, **_take(row, offset, chunk)}
    except CannotKeep as error:
        status, code = (503, "busy") if error.passing else (409, "cannot_keep")
        raise Refused(status, code, str(error)) from error


def book(rows: Sequence[Any]) -> None:
    """These contents are whole."""
    blobs = {row.sha256: row.id for row in rows if row.state != WHOLE}
    if not blobs:
        return
    try:
        with writing():
            became_whole(blobs)
    except IntegrityError:  # the same content became whole elsewhere in this very moment
        with writing():
            became_whole(blobs)


def _take(row: Any, offset: int, chunk: bytes) -> dict[str, Any]:
    store = store_named(row.store)
    content = Content(row.key, row.sha256, row.size, row.upload)
    following = store.receive(content, offset, chunk)
    while following.upload is not None:
        content = _remember_upload(row.id, content, following.upload)
        following = store.receive(content, offset, chunk)
    if not following.arrived:
        return _words(following)
    right = the_checks().is_right(store, content)
    if right is None:
        return {"checking": True}
    if right:
        store.settle(content)
        return {"whole": True}
    store.delete(content)
    _remember_upload(row.id, content, "")
    return {"wrong": True}


def _words(following: Next) -> dict[str, Any]:
    if following.puts:
        return {"puts": [put.as_json() for put in following.puts]}
    return {} if following.offset is None else {"offset": following.offset, "piece": PIECE}


def _remember_upload(blob_id: int, content: Content, upload: str) -> Content:
    table = Blob.__table__
    with writing():
        db.session.execute(update(table).where(table.c.id == blob_id).values(upload=upload or None))
    return Content(content.key, content.sha256, content.size, upload or None)
