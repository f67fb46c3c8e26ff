"""Ports of this machine for the jobs that listen: free ones, each given to one job at a time."""

from __future__ import annotations

import contextlib
import socket
import threading

from runner_client.job_spec import JobSpec


class Ports:
    """Shared by the threads of all jobs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: set[int] = set()

    def take(self, count: int) -> list[int]:
        """The numbers of `count` free ports; raises OSError."""
        with self._lock, contextlib.ExitStack() as open_ones:
            found: list[int] = []
            while len(found) < count:
                # All stay open until there are enough, so that none is found twice.
                listener = open_ones.enter_context(socket.socket())
                listener.bind(("", 0))
                number = listener.getsockname()[1]
                if number not in self._taken:
                    found.append(number)
            self._taken.update(found)
            return found

    def give_back(self, numbers: list[int]) -> None:
        with self._lock:
            self._taken.difference_update(numbers)


def told(spec: JobSpec, numbers: list[int]) -> JobSpec:
    """The job with its ports in its environment; what it sets itself counts more."""
    own = {"JOB_PORT_%d" % place: str(number) for place, number in enumerate(numbers)}
    return spec._replace(environment=dict(own, **spec.environment))
