"""The thread that sends logs and reports, in an order that loses nothing.

A job's log goes before its last report. Reports gather while a call is under way, so the more
there is to say, the fewer calls say it.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Callable

from runner_client import report
from runner_client.caller import Caller, Over
from runner_client.channel import Interrupted, Refused
from runner_client.job import Job
from runner_client.log_sender import LogSender
from runner_client.report import Report
from runner_client.session import Session

MOST_REPORTS = 100
# While other jobs are at work their reports may come any moment: one call for all costs the server
# a fraction of one call for each. When nobody else is at work, nothing waits.
GATHER_SECONDS = 0.015

_log = logging.getLogger("outbox")


class Outbox:
    """`release` is called with its last report when the server has all of a job, `lose` when it
    refuses it.

    `held` counts the jobs of this runner whose last report is not out yet.
    """

    def __init__(
        self,
        session: Session,
        caller: Caller,
        release: Callable[[Job, dict], None],
        lose: Callable[[Job], None],
        held: Callable[[], int],
    ) -> None:
        self._session, self._caller, self._held = session, caller, held
        self._release, self._lose = release, lose
        self._logs = LogSender(caller, session.terms.log_chunk)
        self._changed = threading.Condition()
        self._reports: list[Report] = []
        self._printing: dict[Job, None] = {}
        self._ended: dict[Job, None] = {}

    def started(self, job: Job) -> None:
        with self._changed:
            self._reports.append(report.started(job))
            self._changed.notify()

    def printed(self, job: Job) -> None:
        with self._changed:
            if job not in self._printing:
                self._printing[job] = None
                self._changed.notify()

    def finished(self, job: Job) -> None:
        """Its outcome is known and it will print no more."""
        with self._changed:
            self._ended[job] = None
            self._changed.notify()

    def again(self, item: Report) -> None:
        """The last word about an attempt, which the server seems to have forgotten."""
        with self._changed:
            self._reports.append(item)
            self._changed.notify()

    def hang_up(self) -> None:
        """The session is over: end the call and the wait."""
        self._caller.channel.interrupt()
        with self._changed:
            self._changed.notify()

    def run(self) -> None:
        try:
            while not self._session.is_over:
                self._round()
        except (Over, Interrupted):
            return
        finally:
            self._caller.channel.close()

    def _round(self) -> None:
        reports, logs = self._take_what_is_due()
        if reports:
            self._send_reports(reports)
        for job in logs:
            self._send_log(job)

    def _take_what_is_due(self) -> tuple[list[Report], list[Job]]:
        with self._changed:
            self._promote()
            logs, soonest = self._logs_due(time.monotonic())
            if not self._reports and not logs and not self._session.is_over:
                self._changed.wait(soonest)
                return [], []
            if self._reports and not logs:
                self._changed.wait_for(self._all_said, GATHER_SECONDS)
                self._promote()
            reports = self._reports[:MOST_REPORTS]
            del self._reports[:MOST_REPORTS]
            return reports, logs

    def _all_said(self) -> bool:
        ended = len(self._ended) + sum(item.is_last for item in self._reports)
        return ended >= self._held() or self._session.is_over

    def _promote(self) -> None:
        """The last report of a job waits until the server has the whole log."""
        for job in [job for job in self._ended if not job.has_unsent()]:
            del self._ended[job]
            self._printing.pop(job, None)
            self._reports.append(report.finished(job))

    def _logs_due(self, now: float) -> tuple[list[Job], float | None]:
        """Whose chunk is due, and else how many seconds until the first is; None: no log waits."""
        for job in [job for job in self._printing if not job.has_unsent()]:
            del self._printing[job]
        waits = {job: job.next_chunk_at - now for job in self._printing}
        due = [job for job, wait in waits.items() if wait <= 0 or job in self._ended]
        return due, min(waits.values(), default=None)

    def _send_log(self, job: Job) -> None:
        try:
            self._logs.send_chunk(job)
        except Refused as error:
            if error.code == "old_attempt":
                self._let_go(job)
                return
            _log.error("job %s: the server refuses its log: %s", job.key.name, error)
            job.spool.drop()

    def _send_reports(self, reports: list[Report]) -> None:
        bodies = [item.body for item in reports]
        try:
            answer = self._caller.call("reports", lambda: {"reports": bodies})
        except Refused as error:
            answer = error.answer
        results = answer.get("results")
        if not isinstance(results, list) or len(results) != len(reports):
            # Refused as a whole: each by itself then, so that one does not take others along.
            results = [self._send_alone(item) for item in reports]
        for item, result in zip(reports, results):  # noqa: B905 - Python 3.8 knows no strict
            self._settle(item, result)

    def _send_alone(self, item: Report) -> dict:
        try:
            answer = self._caller.call("reports", lambda: {"reports": [item.body]})
        except Refused as error:
            answer = dict(error.answer, status=error.status, message=str(error))
        results = answer.get("results")
        return results[0] if isinstance(results, list) and results else answer

    def _settle(self, item: Report, result: object) -> None:
        status = result.get("status") if isinstance(result, dict) else None
        if status == 409:
            self._let_go(item.job)
            return
        if status != 200:
            words = result.get("message") if isinstance(result, dict) else result
            _log.error("job %s: the server refuses a report: %s", item.job.key.name, words)
        if item.is_last:
            self._release(item.job, item.body)

    def _let_go(self, job: Job) -> None:
        """It was given away: kill it, say nothing more about it."""
        with self._changed:
            self._ended.pop(job, None)
            self._printing.pop(job, None)
            self._reports = [item for item in self._reports if item.job is not job]
        job.spool.drop()
        self._lose(job)
