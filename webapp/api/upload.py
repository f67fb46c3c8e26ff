"""Submit a run of files that are in no repository: a directory, sent as an archive."""

from typing import IO, Annotated

from flask import Response, current_app, request
from pydantic import BaseModel, ConfigDict, Field, Json, StringConstraints, ValidationError

from webapp.access import allow
from webapp.api import api
from webapp.api.describing import Example, Raw, describe
from webapp.api.idempotency import HEADERS, REUSED
from webapp.api.submitting import NewRun, Wanted, submit_files
from webapp.archives import BadArchive, TooLarge, archive_store, receive_archive
from webapp.body_size import takes_archive
from webapp.engine.jobs import Code
from webapp.errors import Refused, bad_content

_MULTIPART = "multipart/form-data"


class Upload(BaseModel):
    """What to run of it."""

    model_config = ConfigDict(extra="forbid")

    workflow_name: Annotated[str, StringConstraints(max_length=100)] | None = None
    variables: Annotated[
        Json[dict[str, str]] | None, Field(description='A JSON object: `{"epochs": "3"}`.')
    ] = None


@api.post("/runs/upload")
@allow("token member")
@takes_archive
@describe(
    takes=Raw(
        "application/octet-stream",
        "A .tar.gz or .zip of the directory. Also as the part `archive` of multipart/form-data, "
        "with the other words as parts of their own.",
    ),
    query=Upload,
    headers=HEADERS,
    answers=NewRun,
    errors={
        **REUSED,
        400: "The archive is damaged, or holds what leaves it; `message` names the member.",
        413: "The archive is larger than ARCHIVE_MAXIMUM.",
    },
    examples=[Example("what is no archive", b"hello", status=400)],
)
def upload() -> Response:
    """Submit a run of an archive.

    Its `.dstack/workflows.yaml` says what there is to run; every job gets all of its files."""
    asked = _asked()
    maximum = current_app.extensions["settings"].archive_maximum
    try:
        archive = receive_archive(archive_store(), _body(), maximum)
    except TooLarge:
        sentence = f"An archive may have {maximum} bytes (ARCHIVE_MAXIMUM)."
        raise Refused(413, "too_large", sentence) from None
    except BadArchive as error:
        raise Refused(400, "bad_archive", str(error), {"archive": str(error)}) from None
    code, wanted = Code(archive=archive.sha), Wanted(asked.workflow_name, asked.variables)
    about = f"{archive.sha} {asked.model_dump_json()}"
    return submit_files(about, lambda: (archive.files, code), wanted)


def _asked() -> Upload:
    given = request.form if request.mimetype == _MULTIPART else request.args
    try:
        return Upload.model_validate(given.to_dict())
    except ValidationError as error:
        raise bad_content(error) from None


def _body() -> IO[bytes]:
    if request.mimetype != _MULTIPART:
        return request.stream
    file = request.files.get("archive")
    if file is None:
        sentence = "Send the archive as the part `archive`."
        raise Refused(400, "bad_request", sentence, {"archive": sentence})
    return file.stream
