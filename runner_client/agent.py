"""The agent as its first thread sees it: signals, the status file, the dead-man's switch."""

from __future__ import annotations

import logging
import os
import threading

from runner_client import VERSION, deadman
from runner_client.config_file import Config
from runner_client.home import Home
from runner_client.lives import Lives
from runner_client.machine import Machine
from runner_client.session import Session
from runner_client.signals import Signals
from runner_client.status_file import StatusFile

TICK_SECONDS = 1.0

_log = logging.getLogger("agent")


class Agent:
    def __init__(self, home: Home, config: Config, here: Machine, once: bool) -> None:
        self._signals = Signals()
        self._lives = Lives(home, config, here, once)
        self._status = StatusFile(home.status)
        self._deadman = deadman.from_environment()
        self._stops = 0

    def run(self) -> int:
        """Until it is told to stop; the exit code."""
        thread = threading.Thread(target=self._live, daemon=True)
        thread.start()
        while thread.is_alive():
            for _ in range(self._signals.wait(TICK_SECONDS)):
                self._stop_more()
            if self._stops and self._lives.life is None and not self._lives.is_ending:
                break  # no job is held, and the server may be away for long
            self._tick()
        thread.join(TICK_SECONDS)
        self._status.write(dict(self._facts(), state="stopped", jobs=[]))
        _log.info("stopped")
        return 0

    def _live(self) -> None:
        try:
            self._lives.run()
        finally:
            self._signals.wake()

    def _stop_more(self) -> None:
        self._stops += 1
        self._lives.stop()
        life = self._lives.life
        if life is None:
            return
        count = len(life.roster.jobs())
        if self._stops == 1:
            _log.info("taking no more jobs; %d to finish (stop again: hand them back now)", count)
            life.leave()
        elif self._stops == 2:
            _log.info("stopping %d jobs now", count)
            life.hand_back()
        else:
            life.session.end(Session.STOPPED)

    def _tick(self) -> None:
        self._status.write(self._facts())
        life = self._lives.life
        at_work = life is not None and any(job.is_at_work for job in life.roster.jobs())
        self._deadman.tick(self._lives.contact.last, at_work)

    def _facts(self) -> dict:
        life, config = self._lives.life, self._lives.config
        state = "connecting" if life is None else "live"
        if life is not None and life.roster.is_closed:
            state = "draining"
        return {
            "pid": os.getpid(),
            "version": VERSION,
            "server": config.server,
            "runner_id": config.runner_id,
            "runner_name": config.runner_name,
            "state": state,
            "jobs": sorted(job.key.name for job in life.roster.jobs()) if life else [],
            "last_contact": self._lives.contact.last,
        }
