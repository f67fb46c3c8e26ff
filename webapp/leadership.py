"""Which of the processes acts: the one that holds the leader lease, renewed while it lives."""

import logging
import threading

from flask import Flask

from webapp.life_sign import LifeSign, has_died, sweep
from webapp.models.clock_step import forget_the_future
from webapp.models.event import SCHEDULER
from webapp.models.lease import (
    LEADER,
    give_up_lease,
    holder_of,
    holds_lease,
    set_back_by,
    take_lease,
)
from webapp.models.transaction import writing
from webapp.trouble import trouble_of

log = logging.getLogger(__name__)

LEASE_SECONDS = 15


class Leadership:
    """`holder` is our name on the lease."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._processes = app.extensions["settings"].data_dir / "processes"
        self._life_sign = LifeSign(self._processes)
        self.holder = self._life_sign.name
        self._ours = threading.Event()
        self._is_new = True

    @property
    def is_ours(self) -> bool:
        """What the last `renew` found out."""
        return self._ours.is_set()

    def holds(self, now: int) -> bool:
        """The same, asked of the database: a process that was paused still believes it leads."""
        return self.is_ours and holds_lease(LEADER, self.holder, now)

    def renew(self) -> None:
        """Take the lease or keep it; who cannot reach the database does not lead."""
        with self.app.app_context():
            try:
                with writing():
                    leads = self._take(self.app.extensions["clock"]())
            except Exception as error:
                trouble = trouble_of(error)
                words = trouble.sentence if trouble else type(error).__name__
                log.error("the leader lease could not be renewed: %s", words, exc_info=not trouble)
                leads, self.app.extensions["lease_trouble"] = False, words
            else:
                self.app.extensions["lease_trouble"] = None
        if leads != self.is_ours:
            log.info("this process leads" if leads else "another process leads")
        if leads != self.is_ours or self._is_new:
            sweep(self._processes)
            self._is_new = False
        (self._ours.set if leads else self._ours.clear)()

    def give_up(self) -> None:
        """Let another process lead at once."""
        if self.is_ours:
            with self.app.app_context(), writing():
                give_up_lease(LEADER, self.holder)
        self._life_sign.close()

    def _take(self, now: int) -> bool:
        by = set_back_by(LEADER, self.holder, now, LEASE_SECONDS)
        before = holder_of(LEADER)
        if before and before != self.holder and has_died(self._processes, before):
            give_up_lease(LEADER, before)
        leads = take_lease(LEADER, self.holder, now, LEASE_SECONDS)
        if leads and by:
            log.warning("the clock was set back by %d s", by // 1000)
            forget_the_future(SCHEDULER, by, now)
        return leads
