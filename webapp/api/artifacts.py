"""What jobs left: list it, read a file, read everything."""

from typing import Annotated

from flask import Response
from pydantic import Field, StringConstraints
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from webapp.access import allow
from webapp.api import api
from webapp.api.describing import Example, Raw, describe
from webapp.api.jobs import known_job, run_of
from webapp.api.shapes import answer
from webapp.api.shapes.artifact import Artifacts, artifact_shape
from webapp.api.words import NO_JOB
from webapp.errors import Refused
from webapp.extensions import db
from webapp.json_input import Query, query_input
from webapp.models.artifact import Artifact, file_named, files_of, kept_attempt
from webapp.models.artifact_list import below
from webapp.storage import opener, store_named
from webapp.storage.content import CannotKeep
from webapp.storage.sending import disposition, send
from webapp.storage.zipping import zip_of

_NO_FILE = {404: "There is no such job, or it left no such file."}
Path = Annotated[str, StringConstraints(max_length=2000)]


class Listing(Query):
    """Which of them."""

    after: Annotated[Path, Field(description="Only paths after this one: the `next` before.")] = ""
    n: Annotated[int, Field(ge=1, le=10_000, description="At most so many.")] = 1000


class Below(Query):
    """Which part."""

    folder: Annotated[Path, Field(description="Only what is below; by default everything.")] = ""


@api.get("/jobs/<job_id>/artifacts")
@allow("token viewer")
@describe(
    query=Listing,
    answers=Artifacts,
    errors=NO_JOB,
    examples=[Example("all of a job", path={"job_id": "0b6d1e9f4c35"})],
)
def job_artifacts(job_id: str) -> Response:
    """List the artifacts of a job.

    Those of its newest attempt that left some. `next` is null at the end of the list."""
    asked = query_input(Listing)
    job = known_job(job_id)
    kept = kept_attempt(job.id)
    if kept is None:
        return answer(Artifacts(job_id=job.id, attempt=None, files=[], next=None))
    query = files_of(job.id, kept.number).order_by(Artifact.path).limit(asked.n + 1)
    if asked.after:
        query = query.where(Artifact.path > asked.after)
    rows = list(db.session.execute(query))
    following = rows[asked.n - 1].path if len(rows) > asked.n else None
    files = [artifact_shape(row) for row in rows[: asked.n]]
    return answer(Artifacts(job_id=job.id, attempt=kept.number, files=files, next=following))


@api.get("/jobs/<job_id>/artifacts/<file:path>")
@allow("token viewer")
@describe(
    answers=Raw("application/octet-stream", "The file, byte for byte.", {"ETag": "Its SHA-256."}),
    errors={**_NO_FILE, 416: "The file ends before that range.", 503: "It cannot be read now."},
    examples=[
        Example("a file", path={"job_id": "0b6d1e9f4c35", "path": "output/model.txt"}),
        Example("a missing one", path={"job_id": "0b6d1e9f4c35", "path": "no"}, status=404),
    ],
)
def job_artifact(job_id: str, path: str) -> Response:
    """Read one of the files.

    A `Range` is honoured, with status 206."""
    job, path = known_job(job_id), path.rstrip("/")
    kept = kept_attempt(job.id)
    row = file_named(job.id, kept.number, path) if kept else None
    if row is None:
        raise Refused(404, "not_found", "This job left no such file.")
    name = path.rpartition("/")[2]
    try:
        file = store_named(row.store).open(row)
        return send(file, size=row.size, sha256=row.sha256, name=name)
    except CannotKeep as error:
        raise Refused(503, "cannot_read", str(error)) from error
    except RequestedRangeNotSatisfiable:
        raise Refused(416, "wrong_range", f"The file has {row.size} bytes.") from None


@api.get("/jobs/<job_id>/artifacts.zip")
@allow("token viewer")
@describe(
    query=Below,
    answers=Raw("application/zip", "A zip, made while it is sent.", {}),
    errors=_NO_FILE,
    examples=[Example("everything", path={"job_id": "0b6d1e9f4c35"})],
)
def job_artifacts_zip(job_id: str) -> Response:
    """Read all the files of a job, or of one of its folders.

    As one zip, not compressed; its paths are those of the files."""
    asked = query_input(Below)
    job = known_job(job_id)
    kept = kept_attempt(job.id)
    rows = below(job.id, kept.number, asked.folder.strip("/")) if kept else []
    if not rows:
        raise Refused(404, "not_found", "This job left nothing there.")
    name = f"{run_of(job).name}-{job.id}.zip"
    content = zip_of(rows, opener(rows))
    headers = {"Content-Disposition": disposition(name)}
    return Response(content, mimetype="application/zip", headers=headers)
