"""Chunks of a job's log."""

from flask import Response, current_app, g, jsonify, request
from pydantic import Field, ValidationError

from webapp.access import allow
from webapp.agents import agents
from webapp.agents.start import LOG_CHUNK
from webapp.errors import Refused, bad_content
from webapp.extensions import db
from webapp.json_input import Input
from webapp.models.job import Attempt
from webapp.models.transaction import announced
from webapp.storage import log_store
from webapp.wakeups import the_wakeups


class Place(Input):
    """Where a chunk belongs."""

    attempt: int = Field(ge=1, le=10**6)
    offset: int = Field(ge=0, le=2**62)


@agents.post("/jobs/<job_id>/log")
@allow("runner")
def log(job_id: str) -> Response:
    """Keep what is new of it; answer how much we hold."""
    try:
        place = Place.model_validate(request.args.to_dict())
    except ValidationError as error:
        raise bad_content(error) from None
    chunk = _chunk()
    attempt = db.session.get(Attempt, (job_id, place.attempt))
    if attempt is None or attempt.runner_id != g.runner.id or attempt.outcome == "lost":
        raise Refused(409, "old_attempt", "This attempt is not this runner's any more.")
    db.session.remove()  # the disk may be slow; nothing of the database is held meanwhile
    maximum = current_app.extensions["settings"].log_maximum
    kept = log_store().append(job_id, place.attempt, place.offset, chunk, maximum)
    # Straight to the readers: no row changed, so there is no transaction to wait for.
    announced.send(the_wakeups(), word=f"log:{job_id}", demand=None)
    return jsonify(size=kept, full=kept >= maximum)


def _chunk() -> bytes:
    if (request.content_length or 0) > LOG_CHUNK:
        raise Refused(413, "too_large", f"Send at most {LOG_CHUNK} bytes at once.")
    return request.get_data(cache=False)
