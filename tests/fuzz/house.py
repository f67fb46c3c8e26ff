"""A server with a runner at work, and what must not change about it whatever another one does."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from flask import Flask
from sqlalchemy import select

from tests.agents.machine import AgentPeer
from tests.pages.scene import submitted
from tests.people import add_people, bearer, logged_in, token
from webapp.engine.jobs import JobSpec
from webapp.extensions import db
from webapp.models.artifact import Artifact
from webapp.models.job import Job
from webapp.models.run import Run
from webapp.models.user import user_named
from webapp.storage import log_store

_QUERIES = {table.name: f'SELECT * FROM "{table.name}"' for table in db.metadata.sorted_tables}


class Stored(NamedTuple):
    """All rows of all tables, and path -> (size, time of the last change) of all files."""

    tables: dict[str, list[tuple]]
    files: dict[str, tuple[int, int]]

    def about(self, words: set[str]) -> "Stored":
        """The part in which one of these words is named."""
        return Stored(
            {
                name: [row for row in rows if words & {each for each in row if type(each) is str}]
                for name, rows in self.tables.items()
            },
            {path: facts for path, facts in self.files.items() if any(w in path for w in words)},
        )


class House:
    """`victim` has a job with a log and an artifact; `app` is in a context of its own."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.tally: Counter[str] = Counter()  # call and status of its answer
        self._data: Path = app.extensions["settings"].data_dir
        add_people()
        self.admin = logged_in(app, user_named("ada"))
        self.token = token("member")
        self._admins = bearer("admin")
        self.victim = AgentPeer(app, "ee" * 32).register(name="victim").start()
        self.victims_job = str(self.work_for(self.victim))
        self.victim.send_log(self.victims_job, b"what the victim printed\n")
        self.victim.leave(self.victims_job, {"out/a": b"what the victim left"})
        self._words = {self.victim.runner_id, self.victims_job}
        self._victims = self.stored().about(self._words)

    def work_for(self, peer: AgentPeer) -> str | None:
        """A job that this runner now has, new or one that waited; None: it is given none."""
        submitted(JobSpec("true", artifacts=("out",), retries=5))
        db.session.remove()
        jobs = peer.poll(slots=1)["jobs"]
        return jobs[0]["job"] if jobs else None

    def stored(self) -> Stored:
        """Everything, as it is now."""
        db.session.remove()
        connection = db.engine.raw_connection()
        try:
            cursor, tables = connection.cursor(), {}
            for name, query in _QUERIES.items():
                cursor.execute(query)
                tables[name] = cursor.fetchall()
        finally:
            connection.close()
        return Stored(tables, {str(p): _facts(p) for p in self._files()})

    def is_unharmed(self, now: Stored) -> bool:
        """Nothing about the victim is other than it was."""
        return now.about(self._words) == self._victims

    def looks(self, peer: AgentPeer, job: str) -> Iterator[Any]:
        """Answers to a person and a script that look at this runner and its job."""
        run = db.session.scalar(select(Run.name).join(Job).where(Job.id == job))
        paths = list(db.session.scalars(select(Artifact.path).where(Artifact.job_id == job)))
        for page in ("/runners", "/runs", f"/runners/{peer.name}", f"/runs/{run}"):
            yield self.admin.get(page)
        for path in (*paths[:3], "out/a"):
            yield from self._looks_at(job, path)
        if log_store().size(job, 1):  # of an empty one it waits for more
            yield self.admin.get(f"/jobs/{job}/tail?attempt=1")
        for rest in ("log", "artifacts"):
            yield self.admin.get(f"/jobs/{job}/{rest}")
        for rest in ("", "/logs", "/artifacts", "/artifacts.zip"):
            yield self.admin.get(f"/api/jobs/{job}{rest}", headers=self._admins)
        yield self.admin.get("/api/runners/query?all=1", headers=self._admins)

    def _looks_at(self, job: str, path: str) -> Iterator[Any]:
        for kind in ("file", "image", "download", "folder", "zip"):
            query = {"path": path}
            yield self.admin.get(f"/jobs/{job}/artifacts/{kind}", query_string=query)
        yield self.admin.get(f"/api/jobs/{job}/artifacts/{quote(path)}", headers=self._admins)

    def _files(self) -> Iterator[Path]:
        for folder in ("logs", "artifacts", "archives", "repos"):
            yield from (path for path in (self._data / folder).rglob("*") if path.is_file())


def _facts(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns
