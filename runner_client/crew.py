"""The threads that run jobs, one for each."""

from __future__ import annotations

import logging
import threading
from typing import Callable

from runner_client import ending, job_spec, outcome, report
from runner_client.cleaner import Cleaner
from runner_client.execution import Execution
from runner_client.folders import Folder
from runner_client.job import Job, now_ms
from runner_client.outbox import Outbox
from runner_client.outcome import Outcome
from runner_client.roster import Roster
from runner_client.workplace import Workplace

_log = logging.getLogger("jobs")


class Crew:
    """`begun` is called when a job was added to the roster."""

    def __init__(
        self, place: Workplace, roster: Roster, cleaner: Cleaner, begun: Callable[[], None]
    ) -> None:
        self._place, self._roster, self._cleaner = place, roster, cleaner
        self._begun = begun
        self._running: set[str] = set()
        self.outbox: Outbox

    def take(self, items: list) -> bool:
        """Begin what is new among the jobs of an answer; whether anything was."""
        new = [self._take_one(item) for item in items]
        return any(new)

    def is_running(self, folder: str) -> bool:
        return folder in self._running

    def lose(self, job: Job) -> None:
        """The server gave this attempt to somebody else."""
        job.control.ask(ending.dropped(0))
        if job.outcome is not None:
            self.release(job)

    def release(self, job: Job, last: dict | None = None) -> None:
        job.spool.close()
        self._roster.release(job.key, last)

    def _take_one(self, item: object) -> bool:
        key = job_spec.parse_key(item)
        if key is None:
            _log.error("the server sent a job without a readable name")
            return False
        closed = self._roster.is_closed
        spec, wrong = _understand(item, key)
        folder = Folder(self._place.jobs, key.name)
        job = self._roster.add(key, lambda: Job(spec, folder, self._place.log_maximum))
        if job is None:
            self._repeat(key, lambda: Job(spec, folder, 0))
            return False
        self._begun()
        if closed:
            wrong = outcome.returned("the runner takes no more jobs")
        if wrong is not None:
            self._finish(job, wrong)
        else:
            self._begin(job)
        return True

    def _repeat(self, key: job_spec.Key, make: Callable[[], Job]) -> None:
        """Books that were restored from a backup do not know the end of an attempt. When the
        answer was only late, they do, and a repetition changes nothing."""
        last = self._roster.last_word(key)
        if last is not None:
            self.outbox.again(report.repeated(make(), now_ms(), last))

    def _begin(self, job: Job) -> None:
        job.thread = threading.Thread(target=self._work, args=(job,), daemon=True)
        try:
            job.thread.start()
        except RuntimeError:  # the machine has no thread to spare
            job.thread = None
            self._finish(job, outcome.returned("the machine can start no more threads"))

    def _work(self, job: Job) -> None:
        name = job.key.name
        _log.info("job %s (%s) begins", name, job.spec.run_name)
        self._running.add(name)
        execution = Execution(
            job, self._place, lambda: self._started(job), lambda: self.outbox.printed(job)
        )
        try:
            became = execution.run()
        except Exception as error:  # noqa: BLE001 - our own fault must not leave a job for ever
            _log.exception("job %s: the agent failed", name)
            became = outcome.failed("The agent failed: %s." % type(error).__name__)
        finally:
            self._running.discard(name)
            self._cleaner.add(job.folder.path)
        self._finish(job, became)

    def _started(self, job: Job) -> None:
        job.started_at = now_ms()
        self.outbox.started(job)

    def _finish(self, job: Job, became: Outcome) -> None:
        job.finished_at = now_ms()
        if became.reason:
            became = became._replace(reason=job.clean(became.reason))
        job.outcome = became
        words = became.reason or "exit code %s" % became.exit_code
        _log.info("job %s ends: %s (%s)", job.key.name, became.outcome, words)
        if became.outcome == "dropped":
            self.release(job)
        else:
            self.outbox.finished(job)


def _understand(item: dict, key: job_spec.Key) -> tuple[job_spec.JobSpec, Outcome | None]:
    try:
        return job_spec.parse(item), None
    except job_spec.BadJob as error:
        empty = {"job": key.job, "attempt": key.attempt}
        return job_spec.parse(empty), outcome.failed(str(error))
