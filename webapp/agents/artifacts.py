"""What a job leaves: the agent says what there is, sends what is missing, and is done."""

from functools import partial
from typing import Annotated, Any

from flask import Response, current_app, jsonify
from pydantic import Field, StringConstraints, field_validator
from sqlalchemy import select

from webapp.access import allow
from webapp.agents import agents
from webapp.agents.credential import this_runner
from webapp.agents.open_attempt import OfAttempt, open_attempt
from webapp.agents.schemas import Hex, Sentence
from webapp.clock import now
from webapp.engine.file_paths import wrong_with
from webapp.engine.states import Job as Status
from webapp.errors import Refused
from webapp.extensions import db
from webapp.json_input import Input, json_input
from webapp.models.artifact import files_of, totals
from webapp.models.artifact_intake import File, IntakeRefused, declare, finish, missing_blobs
from webapp.models.blob import WHOLE
from webapp.models.run import Run
from webapp.models.transaction import writing
from webapp.models.user import User
from webapp.storage import Store, artifact_store
from webapp.storage.content import Content, Place

PIECE = 4 * 1024 * 1024
MOST_FILES = 100_000  # of one job
_IN_ONE_CALL = 1000


class Described(Input):
    """One file of the job's folder."""

    path: Annotated[str, StringConstraints(max_length=4096)]
    size: Annotated[int, Field(ge=0, le=2**50)]
    sha256: Hex
    mode: Annotated[int, Field(ge=0, le=0o777)]

    @field_validator("path")
    @classmethod
    def _stays_inside(cls, value: str) -> str:
        wrong = wrong_with(value)
        if wrong:
            raise ValueError(f"the path {wrong}")
        return value


class Manifest(OfAttempt):
    """`POST jobs/<job>/artifacts`"""

    files: Annotated[list[Described], Field(max_length=_IN_ONE_CALL)]


class Done(OfAttempt):
    """`POST jobs/<job>/artifacts/done`"""

    trouble: Sentence | None = None


@agents.post("/jobs/<job_id>/artifacts")
@allow("runner")
def artifacts(job_id: str) -> Response:
    """Note what there is; answer what of it nobody has yet."""
    body = json_input(Manifest)
    store = artifact_store()
    files = [File(each.path, each.size, each.sha256, each.mode) for each in body.files]
    with writing():
        job = open_attempt(job_id, body.attempt)
        place = place_of(job)
        try:
            declare(job, files, store.name, partial(_new_key, store, place), now())
        except IntakeRefused as refused:
            raise Refused(400, "bad_request", str(refused)) from None
        _check_size(job)
        missing = missing_blobs(job, {file.sha256 for file in files})
    bundle = PIECE if store.name == "local" else None
    return jsonify(missing=[first_state(blob) for blob in missing], bundle=bundle)


@agents.post("/jobs/<job_id>/artifacts/done")
@allow("runner")
def artifacts_done(job_id: str) -> Response:
    """From here on they are the job's artifacts."""
    body = json_input(Done)
    _secure(open_attempt(job_id, body.attempt))
    with writing():
        job = open_attempt(job_id, body.attempt)
        missing = [] if body.trouble else missing_blobs(job)
        if job.status == Status.ABORTING:  # the order is on its way; what was sent is swept away
            files, size, missing = 0, 0, []
        elif missing:
            files, size = totals(job.id, job.attempt)
        else:
            files, size = finish(this_runner(), job, body.trouble, now())
        place = place_of(job)
    if files and not missing:
        _show(job, place)
    return jsonify(files=files, size=size, missing=[first_state(blob) for blob in missing])


def place_of(job: Any) -> Place:
    """Where people look for what this job left."""
    query = select(User.name, Run.name).join_from(Run, User, User.id == Run.user_id)
    user, run = db.session.execute(query.where(Run.id == job.run_id)).one()
    return Place(user, run, job.id)


def first_state(blob: Any) -> dict[str, Any]:
    """Of a content that is not whole. Bytes for a file may come at once; what is there already
    is found out with the first of them."""
    state = {"sha256": blob.sha256, "size": blob.size}
    return {**state, "offset": 0, "piece": PIECE} if blob.store == "local" else state


def _new_key(store: Store, place: Place, file: File) -> str:
    return store.new_key(place, file.path, file.sha256)


def _check_size(job: Any) -> None:
    most = current_app.extensions["settings"].artifacts_maximum
    files, size = totals(job.id, job.attempt)
    if size > most:
        raise Refused(
            413,
            "too_large",
            f"The artifacts have {size} bytes, and of one job this server keeps at most {most} "
            "(ARTIFACTS_MAXIMUM).",
        )
    if files > MOST_FILES:
        sentence = (
            f"There are {files} files, and of one job this server keeps at most {MOST_FILES}."
        )
        raise Refused(413, "too_large", sentence)


def _secure(job: Any) -> None:
    store = artifact_store()
    rows = db.session.execute(files_of(job.id, job.attempt)).all()
    db.session.remove()  # the disk may be slow; nothing of the database is held meanwhile
    whole = {row.key: row for row in rows if row.state == WHOLE and row.store == store.name}
    store.secure([Content(key, row.sha256, row.size) for key, row in whole.items()])


def _show(job: Any, place: Place) -> None:
    store = artifact_store()
    files = files_of(job.id, job.attempt).subquery()
    query = select(files.c.path, files.c.key).where(files.c.store == store.name)
    store.show(place, [(row.path, row.key) for row in db.session.execute(query)])
