"""What a job left, as people look through it: folder by folder, a page at a time."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from webapp.extensions import db
from webapp.models.artifact import Artifact, files_of
from webapp.models.job import Attempt


@dataclass(frozen=True, slots=True)
class Left:
    """What of one job is there: by which attempt, how many files and bytes."""

    attempt: int
    files: int
    size: int
    at: int


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder with all that is below it."""

    name: str
    path: str
    files: int
    size: int


@dataclass(frozen=True, slots=True)
class Page:
    """A part of one folder: folders first, then files (rows of artifacts)."""

    folders: list[Folder]
    files: list[Any]
    total: int
    start: int

    @property
    def end(self) -> int:
        """Where the next page begins."""
        return self.start + len(self.folders) + len(self.files)


def left_by(job_ids: Sequence[str]) -> dict[str, Left]:
    """Job id -> what it left, of those that left something."""
    tries = _newest(job_ids)
    rows = Artifact.__table__
    query = select(rows.c.job_id, rows.c.attempt, func.count(), func.sum(rows.c.size))
    query = query.where(rows.c.job_id.in_(list(tries))).group_by(rows.c.job_id, rows.c.attempt)
    return {
        job_id: Left(attempt, int(files), int(size), tries[job_id][1])
        for job_id, attempt, files, size in db.session.execute(query)
        if tries[job_id][0] == attempt
    }


def troubles(job_ids: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Job id -> (attempt, sentence): what its last attempt to say so could not leave."""
    table = Attempt.__table__
    query = select(table.c.job_id, table.c.number, table.c.artifacts_trouble)
    query = query.where(table.c.job_id.in_(job_ids))
    query = query.where(
        or_(table.c.artifacts_at.is_not(None), table.c.artifacts_trouble.is_not(None))
    )
    found = {row[0]: (row[1], row[2]) for row in db.session.execute(query.order_by(table.c.number))}
    return {job_id: last for job_id, last in found.items() if last[1]}


def page_of(job_id: str, attempt: int, folder: str, start: int, most: int) -> Page:
    """At most `most` entries of that folder from the number `start` on."""
    folders = _folders_in(job_id, attempt, folder)
    query = files_of(job_id, attempt).where(Artifact.folder == folder)
    files = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    shown = folders[start : start + most]
    rest, skipped = most - len(shown), max(0, start - len(folders))
    rows = db.session.execute(query.order_by(Artifact.path).offset(skipped).limit(rest))
    return Page(shown, list(rows) if rest else [], len(folders) + int(files), start)


def below(job_id: str, attempt: int, folder: str) -> list[Any]:
    """All files below that folder, in order."""
    query = files_of(job_id, attempt).order_by(Artifact.path)
    if folder:
        query = query.where(Artifact.path.startswith(folder + "/", autoescape=True))
    # SQLite's LIKE takes capital letters for small ones.
    return [row for row in db.session.execute(query) if _is_below(row.path, folder)]


def _folders_in(job_id: str, attempt: int, folder: str) -> list[Folder]:
    rows = Artifact.__table__
    query = select(rows.c.folder, func.count(), func.sum(rows.c.size))
    query = query.where(rows.c.job_id == job_id, rows.c.attempt == attempt)
    if folder:
        query = query.where(rows.c.folder.startswith(folder + "/", autoescape=True))
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for path, files, size in db.session.execute(query.group_by(rows.c.folder)):
        if path and _is_below(path, folder):
            name = path[len(folder) + 1 if folder else 0 :].split("/")[0]
            sums[name][0] += int(files)
            sums[name][1] += int(size)
    prefix = folder + "/" if folder else ""
    return [Folder(name, prefix + name, *sums[name]) for name in sorted(sums)]


def _is_below(path: str, folder: str) -> bool:
    return not folder or path.startswith(folder + "/")


def _newest(job_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Job id -> number of the newest attempt whose artifacts are there, and since when."""
    table = Attempt.__table__
    query = select(table.c.job_id, table.c.number, table.c.artifacts_at)
    query = query.where(table.c.job_id.in_(job_ids), table.c.artifacts_at.is_not(None))
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query.order_by(table.c.number))}
