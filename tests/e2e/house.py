"""Submitting jobs to a live server and looking at what became of them."""

from typing import Any

from sqlalchemy import select

from tests.people import TESTS
from tests.waiting import eventually
from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.engine.resources import Ask
from webapp.extensions import db
from webapp.models.artifact import files_of, kept_attempt
from webapp.models.job import Attempt, Job
from webapp.models.job_moves import stop_job
from webapp.models.run import Run
from webapp.models.secret import set_secret
from webapp.models.submission import submit_run
from webapp.models.transaction import writing
from webapp.models.user import user_named
from webapp.storage import log_store, store_named

FINAL = ("done", "failed", "stopped", "aborted")


class House:
    """Everything happens in the server's own books; agents are reached only by their sockets."""

    def __init__(self, live) -> None:
        self.app, self.url = live.app, live.url

    def submit(self, commands: str, **fields: Any) -> str:
        """The job's id."""
        ask = Ask(cpu_milli=fields.pop("cpu_milli", 100), memory_mib=fields.pop("memory_mib", 0))
        return self.submit_all(JobSpec(commands, ask=ask, **fields))[0]

    def submit_all(self, *specs: JobSpec) -> list[str]:
        """The ids of the jobs of one run."""
        with self.app.app_context():
            with writing():
                name = submit_run(TESTS, user_named("max").id, specs, now())
            query = select(Job.id).join(Run).where(Run.name == name).order_by(Job.position)
            found = list(db.session.scalars(query))
            db.session.remove()
        return found

    def keep_secret(self, name: str, value: str) -> None:
        with self.app.app_context():
            with writing():
                set_secret(TESTS, name, value, now())
            db.session.remove()

    def stop(self, job_id: str, abort: bool = False) -> None:
        with self.app.app_context():
            with writing():
                stop_job(TESTS, self._row(job_id), now(), abort=abort)
            db.session.remove()

    def job(self, job_id: str) -> Any:
        with self.app.app_context():
            row = self._row(job_id)
            db.session.remove()
        return row

    def _row(self, job_id: str) -> Any:
        jobs = Job.__table__
        return db.session.execute(select(jobs).where(jobs.c.id == job_id)).one()

    def attempts(self, job_id: str) -> list[Any]:
        table = Attempt.__table__
        query = select(table).where(table.c.job_id == job_id).order_by(table.c.number)
        with self.app.app_context():
            rows = db.session.execute(query).all()
            db.session.remove()
        return list(rows)

    def log(self, job_id: str, attempt: int = 1) -> bytes:
        with self.app.app_context():
            return log_store().read(job_id, attempt, 0, 1 << 30)

    def artifacts(self, job_id: str) -> dict[str, bytes]:
        """What the job left."""
        with self.app.app_context():
            kept = kept_attempt(job_id)
            rows = db.session.execute(files_of(job_id, kept.number)).all() if kept else []
            db.session.remove()
            found = {}
            for row in rows:
                with store_named(row.store).open(row) as file:
                    found[row.path] = file.read()
        return found

    def final(self, job_id: str, seconds: float = 40) -> Any:
        """The job's row once it is finished."""

        def finished() -> Any:
            row = self.job(job_id)
            return row if row.status in FINAL else None

        return eventually(finished, seconds, f"the end of {job_id}")

    def running(self, job_id: str, words: bytes = b"") -> None:
        """Until it runs and has printed these words."""
        eventually(lambda: self.job(job_id).status == "running")
        attempt = self.job(job_id).attempt
        eventually(lambda: words in self.log(job_id, attempt), what=f"{words!r} in the log")
