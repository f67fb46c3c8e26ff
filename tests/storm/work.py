"""Jobs that write down what they print, so that their logs can be held against it."""

import http.client
from collections import Counter
from pathlib import Path
from typing import Any

from scripts.demo.api import Api

LINES = 40
IMPOSSIBLE_CPU = 64  # more than any machine of the town has
# The file first: whatever is in a log has to be in its file.
SCRIPT = """workflows:
  - name: work
    resources: {{cpu: {cpu}}}
    retries: 100
    commands:
      - |
        i=0
        while [ $i -lt {lines} ]; do
          i=$((i + 1))
          echo "$JOB_ID $JOB_ATTEMPT line $i" >> {folder}/$JOB_ID-$JOB_ATTEMPT
          echo "$JOB_ID $JOB_ATTEMPT line $i"
          [ $((i % 10)) -ne 0 ] || sleep {pause}
        done
"""


def workflow(folder: Path, cpu: float, pause: float) -> str:
    """The file of a run with one job."""
    return SCRIPT.format(folder=folder, cpu=cpu, pause=pause, lines=LINES)


def submitted(api: Api, text: str) -> str | None:
    """The name of the run; None when there was no answer, or one that says to come again."""
    try:
        return api.submit(text)
    except (OSError, http.client.HTTPException):
        return None
    except SystemExit as error:
        if ": 503 " in str(error):
            return None
        raise AssertionError(str(error)) from None


def whole(job_id: str, attempt: int) -> bytes:
    """What an attempt prints that nothing ends early."""
    return b"".join(f"{job_id} {attempt} line {n + 1}\n".encode() for n in range(LINES))


def wrong_logs(attempts: list[Any], log: Any, folder: Path) -> list[str]:
    """Each attempt whose log is not what its job wrote; a lost attempt's may end early."""
    wrong = []
    for each in attempts:
        kept = log(each.job_id, each.number)
        file = folder / f"{each.job_id}-{each.number}"
        written = file.read_bytes() if file.exists() else b""
        if each.outcome == "exited" and kept != whole(each.job_id, each.number):
            wrong.append(f"{file.name}: {len(kept)} bytes of {len(written)}")
        if not written.startswith(kept):
            wrong.append(f"{file.name}: something that it never wrote")
    return wrong


def ended_twice(attempts: list[Any]) -> list[str]:
    """Jobs of which two attempts ran to their end."""
    ends = Counter(each.job_id for each in attempts if each.outcome == "exited")
    return [job for job, many in ends.items() if many > 1]
