"""One file that a job left: seen as far as that is safe, and downloaded."""

from pathlib import PurePosixPath
from typing import Any, BinaryIO

from flask import Response, abort, render_template, request

from webapp.access import allow
from webapp.models.artifact import file_named
from webapp.models.artifact_list import below
from webapp.pages import pages
from webapp.pages.artifacts import Kept, kept_of, trail_of
from webapp.pages.preview import IMAGES, preview_of
from webapp.storage import opener, store_named
from webapp.storage.content import CannotKeep
from webapp.storage.sending import disposition, send
from webapp.storage.zipping import zip_of


@pages.get("/jobs/<job_id>/artifacts/file")
@allow("viewer")
def artifact_file(job_id: str) -> str:
    """A look at it."""
    kept = kept_of(job_id)
    row = _file(kept)
    with _open(row) as file:
        preview = preview_of(row.path, row.size, file)
    return render_template(
        "artifacts/file.html",
        section="Runs",
        kept=kept,
        file=row,
        name=PurePosixPath(row.path).name,
        trail=trail_of(row.folder),
        preview=preview,
    )


@pages.get("/jobs/<job_id>/artifacts/download")
@allow("viewer")
def artifact_download(job_id: str) -> Response:
    """Byte for byte, as a file of its own."""
    return _send(_file(kept_of(job_id)))


@pages.get("/jobs/<job_id>/artifacts/image")
@allow("viewer")
def artifact_image(job_id: str) -> Response:
    """For the page that shows it. Only what is nothing but an image is sent as one."""
    row = _file(kept_of(job_id))
    content_type = IMAGES.get(PurePosixPath(row.path).suffix.lower())
    if content_type is None:
        abort(404, "This file is no image.")
    return _send(row, content_type)


@pages.get("/jobs/<job_id>/artifacts/zip")
@allow("viewer")
def artifact_zip(job_id: str) -> Response:
    """All that is below a folder."""
    kept, folder = kept_of(job_id), request.args.get("folder", "").strip("/")
    rows = below(job_id, kept.attempt, folder)
    if not rows:
        abort(404, "There is no such folder.")
    try:
        content = zip_of(rows, opener(rows))
    except CannotKeep as error:
        abort(503, str(error))
    name = f"{PurePosixPath(folder).name or kept.run.name}-{job_id}.zip"
    headers = {"Content-Disposition": disposition(name)}
    return Response(content, mimetype="application/zip", headers=headers)


def _file(kept: Kept) -> Any:
    row = file_named(kept.job.id, kept.attempt, request.args.get("path", ""))
    if row is None:
        abort(404, "This job left no such file.")
    return row


def _send(row: Any, content_type: str | None = None) -> Response:
    name = PurePosixPath(row.path).name
    about = {"size": row.size, "sha256": row.sha256, "name": name}
    return send(_open(row), content_type=content_type, **about)


def _open(row: Any) -> BinaryIO:
    try:
        return store_named(row.store).open(row)
    except CannotKeep as error:
        abort(503, str(error))
