"""One life of the agent, from an accepted `start` until its session is over: wiring of threads."""

from __future__ import annotations

import logging
import threading
import time
from typing import Callable

from runner_client import ending, interruption
from runner_client.caller import Caller
from runner_client.cleaner import Cleaner
from runner_client.contact import Contact
from runner_client.crew import Crew
from runner_client.gpus import Allotment
from runner_client.heartbeat import Heartbeat
from runner_client.home import Home
from runner_client.machine import Machine
from runner_client.metadata import Notice
from runner_client.outbox import Outbox
from runner_client.poller import Poller
from runner_client.ports import Ports
from runner_client.roster import Roster
from runner_client.session import Session
from runner_client.workplace import Workplace

# How long killed jobs and their threads may take to be gone.
LAST_SECONDS = 10

_log = logging.getLogger("agent")


class Life:
    def __init__(
        self, session: Session, home: Home, machine: Machine, contact: Contact, once: bool
    ) -> None:
        self.session = session
        self.roster = Roster(session.config.max_jobs, once)
        self._leaving = once
        terms = session.terms
        self._cleaner = Cleaner(home.jobs, lambda folder: self._crew.is_running(folder))
        self._heartbeat = Heartbeat(session, Caller(session, contact), self.roster, home.jobs)
        place = Workplace(
            home.jobs,
            session.config.runner_id,
            machine,
            Allotment(len(machine.gpus)),
            terms.stop_grace_seconds,
            terms.log_maximum,
            lambda: Caller(session, contact),
            Ports(),
        )
        self._crew = Crew(place, self.roster, self._cleaner, self._heartbeat.wake)
        self._outbox = Outbox(
            session,
            Caller(session, contact),
            self._crew.release,
            self._crew.lose,
            self.roster.count,
        )
        self._crew.outbox = self._outbox
        self._poller = Poller(session, Caller(session, contact), self.roster, self._crew.take)
        self.roster.on_change = self._roster_changed

    def run(self) -> None:
        """Until the session is over; nothing of it runs any more then."""
        seconds = self.session.terms.metadata_seconds
        loops = [self._poller.run, self._outbox.run, self._heartbeat.run]
        if seconds:
            loops.append(lambda: interruption.watch(self.session, seconds, self._interrupted))
        threads = [self._thread(loop) for loop in loops]
        cleaner = self._thread(self._cleaner.run)
        self.session.wait()
        self._end_threads(threads)
        self._end_jobs()
        self._cleaner.close()
        cleaner.join(LAST_SECONDS)

    def leave(self) -> None:
        """Take no more jobs; the session ends with the last report of the last one."""
        self._leaving = True
        self.roster.close()

    def hand_back(self) -> None:
        """End all jobs now; they are queued again elsewhere."""
        grace = self.session.terms.stop_grace_seconds
        self._ask_all(ending.handed_back(time.monotonic(), grace))
        timer = threading.Timer(grace + LAST_SECONDS, self.session.end, (Session.STOPPED,))
        timer.daemon = True
        timer.start()

    def _thread(self, loop: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=self._guarded, args=(loop,), daemon=True)
        thread.start()
        return thread

    def _guarded(self, loop: Callable[[], None]) -> None:
        """A fault of ours ends the session, and the next one begins clean."""
        try:
            loop()
        except Exception:  # noqa: BLE001 - an agent without one of its threads is worse than none
            _log.exception("a thread of the agent failed")
            self.session.end("fault")

    def _roster_changed(self) -> None:
        self._poller.refresh()
        if self._leaving and self.roster.is_closed and not self.roster.jobs():
            self.session.end(Session.STOPPED)

    def _interrupted(self, notice: Notice) -> None:
        self._heartbeat.tell(notice.action, int(notice.at * 1000))
        now = time.monotonic()
        for job in self.roster.jobs():
            job.control.warn()
        self._ask_all(ending.interrupted(now, now + notice.at - time.time()))
        self.roster.close()

    def _ask_all(self, wanted: ending.Ending) -> None:
        for job in self.roster.jobs():
            job.control.ask(wanted)

    def _end_threads(self, threads: list[threading.Thread]) -> None:
        for part in (self._poller, self._outbox, self._heartbeat):
            part.hang_up()
        deadline = time.monotonic() + LAST_SECONDS
        for thread in threads:
            thread.join(max(0, deadline - time.monotonic()))

    def _end_jobs(self) -> None:
        """What still runs belongs to nobody: its reports would be refused."""
        left = self.roster.jobs()
        self._ask_all(ending.dropped(time.monotonic()))
        deadline = time.monotonic() + LAST_SECONDS
        for job in left:
            if job.thread is not None:
                job.thread.join(max(0, deadline - time.monotonic()))
