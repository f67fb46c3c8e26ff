"""When which task runs. Any number of servers may run a scheduler: the one that holds the leader
lease acts, the others look on. Of the processes of one server only one does more than is local."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from webapp.clock_watch import ClockWatch
from webapp.leadership import LEASE_SECONDS, Leadership
from webapp.models.clock_step import wait_anew
from webapp.models.event import SCHEDULER
from webapp.models.transaction import announced, writing
from webapp.tasks.check_credentials import check_credentials
from webapp.tasks.check_repositories import check_repositories
from webapp.tasks.count_queue import count_queue
from webapp.tasks.expire_leases import expire_leases
from webapp.tasks.expire_queue import expire_queue
from webapp.tasks.observe import observe
from webapp.tasks.prune_archives import prune_archives
from webapp.tasks.prune_mirrors import prune_mirrors
from webapp.tasks.refresh_catalogue import refresh_catalogue
from webapp.tasks.refresh_prices import refresh_prices
from webapp.tasks.retain import retain
from webapp.tasks.sweep import sweep
from webapp.tasks.tick import tick
from webapp.tasks.wake_idle import wake_idle
from webapp.tasks.write_heartbeats import write_heartbeats
from webapp.trouble import trouble_of
from webapp.turns import Turns

log = logging.getLogger(__name__)

Task = Callable[[int], int]  # now in epoch milliseconds -> how many rows it handled


@dataclass(frozen=True)
class Entry:
    """A task and how often it runs, in seconds; `local` tasks run in every process. A task also
    runs at once when one of the words in `hears` is announced."""

    task: Task
    seconds: float
    local: bool = False
    hears: frozenset[str] = frozenset()


def table(tick_seconds: float) -> list[Entry]:
    """THE table: task -> interval."""
    return [
        Entry(wake_idle, 1, local=True),
        Entry(write_heartbeats, 1, local=True),
        Entry(tick, tick_seconds, hears=frozenset({"jobs", "aws"})),
        Entry(observe, tick_seconds),
        Entry(expire_leases, tick_seconds),
        Entry(expire_queue, tick_seconds),
        Entry(count_queue, tick_seconds),
        Entry(check_credentials, tick_seconds, hears=frozenset({"aws"})),
        Entry(check_repositories, tick_seconds, hears=frozenset({"repos"})),
        Entry(refresh_catalogue, 5, hears=frozenset({"catalogue"})),
        Entry(prune_archives, 600),
        Entry(prune_mirrors, 600),
        Entry(refresh_prices, 30, hears=frozenset({"prices", "aws"})),
        Entry(retain, 600, hears=frozenset({"retention"})),
        Entry(sweep, 300, hears=frozenset({"blobs"})),
    ]


class Scheduler:
    """Runs the table until stopped; a task that is still running is not started again. Unless it
    `leads` when it can, it runs only what is local."""

    def __init__(self, app: Flask, leads: bool = True) -> None:
        self.app = app
        self.leadership = Leadership(app) if leads else None
        self._stopping = threading.Event()
        self._turns = Turns()
        every = table(app.extensions["settings"].tick_seconds)
        self._table = [entry for entry in every if leads or entry.local]
        self._jobs = BackgroundScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 30},
        )
        self._watch = ClockWatch(self._clock_was_set)

    def start(self) -> None:
        """Begin; the first try for the leader lease is made at once."""
        if self.leadership:
            self.leadership.renew()
            self._jobs.add_job(self.leadership.renew, "interval", seconds=LEASE_SECONDS / 3)
        for entry in self._table:
            self._jobs.add_job(
                self._run, "interval", args=[entry], seconds=entry.seconds, id=entry.task.__name__
            )
        self.app.extensions["heartbeats"].gathers = True
        self._jobs.start()
        self._watch.start()
        announced.connect(self._hear, sender=self.app.extensions["wakeups"])

    def stop(self) -> None:
        """Wait for running tasks, and let another process lead at once."""
        announced.disconnect(self._hear)
        self.app.extensions["heartbeats"].gathers = False
        self._stopping.set()
        self._watch.stop()
        self._jobs.shutdown(wait=True)
        if self.leadership:
            self.leadership.give_up()

    def _hear(self, sender: object, word: str, demand: object) -> None:
        if not self._leads():
            return
        for entry in self._table:
            if word in entry.hears:
                self._hasten(entry.task.__name__)

    def _hasten(self, name: str) -> None:
        pause = self._turns.want(name)
        if pause is not None:
            at = datetime.now(UTC) + timedelta(seconds=pause)
            job = self._jobs.get_job(name)
            # After one that took long this moment may be minutes away: its own may come before.
            if job and (job.next_run_time is None or at < job.next_run_time):
                job.modify(next_run_time=at)

    def _clock_was_set(self, by: float) -> None:
        # APScheduler waits for moments of the wall clock: set back by an hour, it would do nothing
        # for an hour, and machines would go on costing money.
        for job in self._jobs.get_jobs():
            job.modify(next_run_time=datetime.now(UTC))
        if by > 0 and self.leadership:
            with self.app.app_context(), writing():
                wait_anew(SCHEDULER, int(by * 1000), self.app.extensions["clock"]())

    def _run(self, entry: Entry) -> None:
        pause: float | None = 0.0
        while pause is not None and not self._stopping.wait(pause):
            self._turns.begin(entry.task.__name__)
            self._run_once(entry)
            pause = self._turns.end(entry.task.__name__, entry.seconds)

    def _run_once(self, entry: Entry) -> None:
        if not entry.local and not self._leads():
            return
        with self.app.app_context():
            try:
                self._watch.look()
                now = self.app.extensions["clock"]()
                if entry.local or (self.leadership and self.leadership.holds(now)):
                    entry.task(now)
            except Exception as error:
                trouble = trouble_of(error)
                words = trouble.sentence if trouble else "it failed"
                name = entry.task.__name__
                log.error("task %s: %s It runs again.", name, words, exc_info=not trouble)

    def _leads(self) -> bool:
        return self.leadership is not None and self.leadership.is_ours
