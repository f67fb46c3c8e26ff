"""When which task runs. Any number of processes may run a scheduler: the one that holds the
leader lease acts, the others look on."""

import logging
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from webapp.models.clock_step import forget_the_future
from webapp.models.event import SCHEDULER
from webapp.models.lease import LEADER, give_up_lease, holds_lease, set_back_by, take_lease
from webapp.models.transaction import announced, writing
from webapp.tasks.check_credentials import check_credentials
from webapp.tasks.check_repositories import check_repositories
from webapp.tasks.expire_leases import expire_leases
from webapp.tasks.expire_queue import expire_queue
from webapp.tasks.observe import observe
from webapp.tasks.prune_archives import prune_archives
from webapp.tasks.refresh_catalogue import refresh_catalogue
from webapp.tasks.refresh_prices import refresh_prices
from webapp.tasks.sweep import sweep
from webapp.tasks.tick import tick
from webapp.tasks.wake_idle import wake_idle

log = logging.getLogger(__name__)

LEASE_SECONDS = 15
_URGENT_AT_MOST_EVERY = 0.2  # a burst of submissions is one look, not hundreds
_SHARE_OF_TIME = (
    0.2  # and with a long queue, where a look takes long, no more of the time than this
)

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
        Entry(tick, tick_seconds, hears=frozenset({"jobs", "aws"})),
        Entry(observe, tick_seconds),
        Entry(expire_leases, tick_seconds),
        Entry(expire_queue, tick_seconds),
        Entry(check_credentials, tick_seconds, hears=frozenset({"aws"})),
        Entry(check_repositories, tick_seconds, hears=frozenset({"repos"})),
        Entry(refresh_catalogue, 5, hears=frozenset({"catalogue"})),
        Entry(prune_archives, 600),
        Entry(refresh_prices, 30, hears=frozenset({"prices", "aws"})),
        Entry(sweep, 300, hears=frozenset({"blobs"})),
    ]


class Scheduler:
    """Runs the table until stopped; a task that is still running is not started again."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.holder = str(uuid.uuid4())
        self._leads = threading.Event()
        self._table = table(app.extensions["settings"].tick_seconds)
        self._urgent_at: dict[str, float] = {}
        self._took: dict[str, float] = {}  # task -> seconds of its last run
        self._jobs = BackgroundScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 30},
        )

    def start(self) -> None:
        """Begin; the first try for the leader lease is made at once."""
        self._lead()
        self._jobs.add_job(self._lead, "interval", seconds=LEASE_SECONDS / 3)
        for entry in self._table:
            self._jobs.add_job(
                self._run, "interval", args=[entry], seconds=entry.seconds, id=entry.task.__name__
            )
        self._jobs.start()
        announced.connect(self._hear, sender=self.app.extensions["wakeups"])

    def stop(self) -> None:
        """Wait for running tasks, and let another process lead at once."""
        announced.disconnect(self._hear)
        self._jobs.shutdown(wait=True)
        if self._leads.is_set():
            with self.app.app_context(), writing():
                give_up_lease(LEADER, self.holder)

    def _lead(self) -> None:
        with self.app.app_context():
            try:
                with writing():
                    now = self.app.extensions["clock"]()
                    leads = self._take(now)
            except Exception:
                log.exception("the leader lease could not be renewed")
                leads = False
        if leads != self._leads.is_set():
            log.info("this process leads" if leads else "another process leads")
        (self._leads.set if leads else self._leads.clear)()

    def _take(self, now: int) -> bool:
        by = set_back_by(LEADER, self.holder, now, LEASE_SECONDS)
        leads = take_lease(LEADER, self.holder, now, LEASE_SECONDS)
        if leads and by:
            log.warning("the clock was set back by %d s", by // 1000)
            forget_the_future(SCHEDULER, by, now)
        return leads

    def _hear(self, sender: object, word: str, demand: object) -> None:
        if not self._leads.is_set():
            return
        for entry in self._table:
            if word in entry.hears:
                self._hasten(entry.task.__name__)

    def _hasten(self, name: str) -> None:
        moment = time.time()
        if moment < self._urgent_at.get(name, 0):
            return  # it is on its way already
        pause = max(_URGENT_AT_MOST_EVERY, self._took.get(name, 0) / _SHARE_OF_TIME)
        at = max(moment, self._urgent_at.get(name, 0) + pause)
        self._urgent_at[name] = at
        self._jobs.modify_job(name, next_run_time=datetime.fromtimestamp(at, UTC))

    def _run(self, entry: Entry) -> None:
        if not entry.local and not self._leads.is_set():
            return
        with self.app.app_context():
            try:
                now = self.app.extensions["clock"]()
                # A process that was paused for a while still believes that it leads.
                if entry.local or holds_lease(LEADER, self.holder, now):
                    began = time.monotonic()
                    entry.task(now)
                    self._took[entry.task.__name__] = time.monotonic() - began
            except Exception:
                log.exception("task %s failed; it runs again", entry.task.__name__)
