"""Practice mode: a simulated AWS behind the same pages, and nothing else within reach.

The simulator is a child process that ends with us. Our own environment leads boto3 to it, and the
installation is marked, so that practice rows never meet a real account, nor real rows practice.
"""

import os
from contextlib import ExitStack
from typing import Any

from flask import Flask, current_app

from webapp.config import ConfigurationError
from webapp.turnstile import standing_aside

# Real credentials of the host must not be found by anything we start, even by mistake.
_REAL = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE")


class PracticeError(Exception):
    """Practice AWS did not do what was asked, in one sentence."""


def begin_practice(app: Flask, stack: ExitStack, *, boot: float = 3, timescale: float = 20) -> None:
    """Start the simulator for the life of `stack`: machines boot in `boot` seconds, notices run
    `timescale` times faster, shutdown timers five times. Raises ConfigurationError when it is
    missing.
    """
    try:
        from aws_simulator.process import SimulatorError, SimulatorProcess
    except ImportError:
        raise ConfigurationError(
            "Practice mode needs the extra packages: pip install 'dstack-runners[practice]'."
        ) from None
    simulator = SimulatorProcess(
        boot=boot,
        stop=boot / 2,
        timescale=timescale,
        # The agent pushes its dead-man's switch once a real minute: 20 minutes are 4 here.
        arguments=("--shutdown-timescale", "5"),
    )
    try:
        stack.enter_context(simulator)
    except SimulatorError as error:
        raise ConfigurationError(str(error)) from None
    for name in _REAL:
        os.environ.pop(name, None)
    os.environ.update(simulator.environment())
    app.extensions["practice"] = simulator


def practice_aws():
    """The simulator (a `SimulatorProcess`), or None when this is not practice mode."""
    return current_app.extensions.get("practice")


def ask_practice(verb: str, *args: Any, **details: Any) -> Any:
    """Call a method of the simulator, e.g. `ask_practice("interrupt", machine_id)`.

    Raises PracticeError with the simulator's own sentence.
    """
    from aws_simulator.process import SimulatorError

    try:
        with standing_aside():
            return getattr(practice_aws(), verb)(*args, **details)
    except SimulatorError as error:
        raise PracticeError(str(error)) from None
    except OSError as error:
        raise PracticeError(f"Practice AWS does not answer: {error}.") from None
