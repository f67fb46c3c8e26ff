"""`dstack-runner start`: be the agent until told to stop."""

from __future__ import annotations

import argparse
import resource
import sys

from runner_client import config_file, engines, gpus, home, lock, metadata
from runner_client.at_once import at_once
from runner_client.cli import exit_codes
from runner_client.machine import Machine


def run(options: argparse.Namespace) -> int:
    place = home.find()
    try:
        config = config_file.read(place.config)
    except config_file.BadConfig as error:
        return _fail(exit_codes.USAGE, str(error))
    if config is None:
        return _fail(
            exit_codes.USAGE,
            "This machine is not a runner yet: dstack-runner config --token TOKEN "
            "(%s does not exist)." % place.config,
        )
    lease = lock.Lock(place.lock)
    try:
        place.make()
        if not lease.take():
            return _fail(exit_codes.USAGE, "An agent runs already: dstack-runner status shows it.")
    except OSError as error:
        words = error.strerror or type(error).__name__
        return _fail(exit_codes.CANNOT_WRITE, "%s cannot be written: %s." % (place.root, words))
    _write_no_core_files()
    # To read the agent's own modules takes as long as other programs take to answer.
    questions = (engines.find, gpus.find, metadata.find_instance_id, _read_agent)
    *found, agent = at_once(*questions)
    return agent(place, config, Machine(*found), options.once).run()


def _read_agent() -> type:
    from runner_client.agent import Agent

    return Agent


def _write_no_core_files() -> None:
    """Neither of us nor of our jobs, unless they ask for them: there are secrets in our memory."""
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))


def _fail(code: int, sentence: str) -> int:
    print("dstack-runner: " + sentence, file=sys.stderr)
    return code
