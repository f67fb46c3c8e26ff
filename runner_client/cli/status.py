"""`dstack-runner status`: does an agent run here, for whom, with which jobs."""

from __future__ import annotations

import argparse
import json
import sys
import time

from runner_client import config_file, home, lock, status_file
from runner_client.cli import exit_codes


def run(options: argparse.Namespace) -> int:
    """0 when an agent runs, 1 when none does."""
    place = home.find()
    try:
        config = config_file.read(place.config)
    except config_file.BadConfig as error:
        print("dstack-runner: %s" % error, file=sys.stderr)
        return exit_codes.USAGE
    running = lock.holder(place.lock)
    status = status_file.read(place.status)
    if running is None or status.get("pid") != running:
        # Of an agent that is gone, or of one that has not written anything yet.
        state = "starting" if running else "stopped"
        status = dict(status, pid=running, state=state, jobs=[])
    if config is not None:
        status.update(server=config.server, runner_name=config.runner_name)
    print(json.dumps(status, indent=2) if options.json else _text(status, config is not None))
    return exit_codes.NOT_RUNNING if running is None else exit_codes.OK


def _text(status: dict, configured: bool) -> str:
    if not configured:
        return "This machine is not a runner yet: dstack-runner config --token TOKEN"
    lines = ["Runner:  %s at %s" % (status["runner_name"], status["server"])]
    if status["pid"] is None:
        return "\n".join([*lines, "Agent:   not running (dstack-runner start)"])
    lines.append("Agent:   %s (process %d)" % (status["state"], status["pid"]))
    lines.append("Jobs:    %s" % (", ".join(status["jobs"]) or "none"))
    heard = status.get("last_contact")
    ago = "never" if heard is None else "%d s ago" % max(0, time.time() - heard)
    return "\n".join([*lines, "Server:  last heard %s" % ago])
