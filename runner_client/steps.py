"""Which step fetches what: the `needs` of a job, in the server's order."""

from __future__ import annotations

from typing import Callable, Mapping

from runner_client import secrets_step
from runner_client.inputs.step import put_inputs
from runner_client.preparation import CannotRun, Preparation

Step = Callable[[Preparation], None]


def _code(preparation: Preparation) -> None:
    from runner_client.code.step import fetch  # only here: an idle agent need not pay for it

    fetch(preparation)


# A step raises CannotRun with a sentence, OSError, or what Preparation raises.
STEPS: Mapping[str, Step] = {
    "secrets": secrets_step.fetch,
    "code": _code,
    "inputs": put_inputs,
}


def prepare(preparation: Preparation, steps: Mapping[str, Step] = STEPS) -> None:
    """Take every step that the job needs."""
    for need in preparation.job.spec.needs:
        if need not in steps:
            raise CannotRun(
                "This runner's agent is too old for the job (it knows no %s): run the installer "
                "again." % need
            )
        preparation.line.check()
        steps[need](preparation)
