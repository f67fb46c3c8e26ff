"""`dstack-runner stop`: end the running agent and wait until it is gone."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import time

from runner_client import home, lock
from runner_client.cli import exit_codes

_LOOK_SECONDS = 0.1


def run(options: argparse.Namespace) -> int:
    place = home.find()
    running = lock.holder(place.lock)
    if running is None:
        print("No agent runs here.")
        return exit_codes.OK
    try:
        _send(running)
    except PermissionError:
        sentence = "dstack-runner: The agent (process %d) is another user's." % running
        print(sentence, file=sys.stderr)
        return exit_codes.CANNOT_WRITE
    if options.now:
        _send(running)
    if _is_gone(place.lock, options.wait):
        print("Stopped.")
        return exit_codes.OK
    sentence = "dstack-runner: It still finishes jobs. --now hands them back to the queue."
    print(sentence, file=sys.stderr)
    return exit_codes.NOT_RUNNING


def _send(running: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # it ended by itself meanwhile
        os.kill(running, signal.SIGTERM)
    time.sleep(_LOOK_SECONDS)  # two signals of one kind would be one if they came together


def _is_gone(path, seconds: float | None) -> bool:
    deadline = None if seconds is None else time.monotonic() + seconds
    while lock.holder(path) is not None:
        if deadline is not None and time.monotonic() > deadline:
            return False
        time.sleep(_LOOK_SECONDS)
    return True
