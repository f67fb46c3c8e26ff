"""One life of the agent as the server knows it: from `start` until something ends it."""

from __future__ import annotations

import threading
from typing import NamedTuple

from runner_client.channel import Channel
from runner_client.config_file import Config


class Terms(NamedTuple):
    """What the server asks of its runners. Durations are seconds, sizes bytes."""

    poll_seconds: float = 20
    heartbeat_seconds: float = 10
    stop_grace_seconds: float = 10
    log_maximum: int = 100 * 1024 * 1024
    log_chunk: int = 1024 * 1024
    metadata_seconds: float | None = None


def terms(answer: dict) -> Terms:
    """The terms in an answer; what is missing or no number keeps its usual value."""
    kept = {}
    for name, usual in Terms()._asdict().items():
        value = answer.get(name)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0:
            kept[name] = int(value) if isinstance(usual, int) and "_seconds" not in name else value
    return Terms(**kept)


class Session:
    """Shared by the threads of one life; ends once, for one reason."""

    STOPPED = "stopped"  # by us
    CLONE = "clone"
    TAKEN_OVER = "old_session"

    def __init__(self, config: Config, name: str, agreed: Terms) -> None:
        self.config, self.name, self.terms = config, name, agreed
        self._over = threading.Event()
        self.why = ""

    def channel(self) -> Channel:
        """A connection of its own for one thread."""
        return Channel(self.config.server, self.config.credential, self.name)

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    def end(self, why: str) -> None:
        if not self.is_over:
            self.why = why
            self._over.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Until it is over, or for so many seconds; whether it is over."""
        return self._over.wait(seconds)
