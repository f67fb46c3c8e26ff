"""Sending what jobs printed, chunk by chunk; the server's size says where to go on."""

from __future__ import annotations

import logging
import time

from runner_client.caller import Caller
from runner_client.channel import Refused
from runner_client.job import Job

# A line is sent at once. A job that goes on printing is sent this often, not for every line.
PAUSE_SECONDS = 0.05
_SMALLEST_CHUNK = 1024
# How often the server may keep nothing of what it is offered before the rest is let go.
_MOST_STANDSTILLS = 20

_log = logging.getLogger("log")


class LogSender:
    def __init__(self, caller: Caller, chunk: int) -> None:
        self._caller = caller
        self._chunk = max(_SMALLEST_CHUNK, chunk)

    def send_chunk(self, job: Job) -> None:
        """Send one chunk and note what the server has; raises Refused, Over, Interrupted."""
        chunk = job.spool.read(job.sent, self._chunk)
        if not chunk:
            return
        path = "jobs/%s/log?attempt=%d&offset=%d" % (*job.key, job.sent)
        job.next_chunk_at = time.monotonic() + PAUSE_SECONDS
        try:
            answer = self._caller.call(path, lambda: chunk)
        except Refused as error:
            if error.code != "too_large" or self._chunk <= _SMALLEST_CHUNK:
                raise
            self._chunk = max(_SMALLEST_CHUNK, self._chunk // 2)
            return
        self._note(job, answer)

    def _note(self, job: Job, answer: dict) -> None:
        size = answer.get("size")
        if answer.get("full") is True:
            job.spool.drop()
        elif isinstance(size, int) and size > job.sent and size <= job.spool.stored:
            job.sent, job.standstills = size, 0
        else:
            self._stand_still(job, size)

    def _stand_still(self, job: Job, size: object) -> None:
        """The server has less than it said before (go back), more than there is, or nonsense."""
        job.standstills += 1
        job.next_chunk_at = time.monotonic() + PAUSE_SECONDS * job.standstills
        if isinstance(size, int) and 0 <= size < job.sent:
            job.sent = size
        if job.standstills > _MOST_STANDSTILLS:
            _log.error("job %s: the server does not take its log; the rest is lost", job.key.name)
            job.spool.drop()
