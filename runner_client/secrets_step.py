"""The secrets of a job: from the server into memory, and from there into its environment."""

from __future__ import annotations

import re

from runner_client import job_spec
from runner_client.preparation import CannotRun, Preparation

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def fetch(preparation: Preparation) -> None:
    """Raises CannotRun, Refused, Ended, Over."""
    job = preparation.job
    answer = preparation.line.call("jobs/%s/secrets" % job.key.job, {"attempt": job.key.attempt})
    secrets = answer.get("secrets")
    if not isinstance(secrets, dict) or not _can_be_given(secrets):
        raise CannotRun("The server sent secrets that cannot be understood.")
    job.give_secrets(secrets)


def _can_be_given(secrets: dict) -> bool:
    return all(map(_NAME.match, secrets)) and job_spec.are_variables(secrets)
