"""The code of a job: a commit with local changes, or an archive, in the job's folder."""

from __future__ import annotations

from runner_client.code import checkout, unpacking
from runner_client.code.source import read_source
from runner_client.preparation import Preparation


def fetch(preparation: Preparation) -> None:
    """Raises CannotRun, Refused, Ended, Over, OSError."""
    job = preparation.job.key
    told = preparation.line.call("jobs/%s/code" % job.job, {"attempt": job.attempt})
    source = read_source(told)
    if source.archive:
        unpacking.unpack_archive(preparation, source.archive, source.size)
    else:
        checkout.check_out(preparation, source)
