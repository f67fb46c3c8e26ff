"""What has to be true when the storm has been over for long enough."""

import json
from collections.abc import Iterator
from pathlib import Path
from sqlite3 import Row
from typing import TYPE_CHECKING

from tests.simulation.aws.everything import KEYS

if TYPE_CHECKING:
    from tests.simulation.judge.judge import Judge

LATE_MS = 300_000
QUIET_SECONDS = 400
QUIET_CALLS = 20  # of two regions, looked at every five minutes, and prices


def unfinished(judge: "Judge") -> Iterator[str]:
    """Whatever should be over and is not."""
    yield from _machines(judge)
    yield from _jobs(judge)
    yield from _secrets(judge)


def alone(judge: "Judge") -> Iterator[str]:
    """Machines that booted end by themselves when there is no server and no work."""
    for machine in judge.world.aws.running():
        if machine.booted:
            yield f"{machine.id} runs on for ever without a server"


def surplus(judge: "Judge") -> Iterator[str]:
    """Whatever is more than its limit is on its way out by now."""
    query = """
    SELECT region, instance_type, purchase_type, count(*) FROM instance
    WHERE status IN ('pending', 'requested', 'running') GROUP BY 1, 2, 3
    """
    for row in judge.books.rows(query):
        kind, here = (row[0], row[1], row[2]), row[3]
        if here > judge.limits.in_force(kind):
            yield f"{here} of {'/'.join(kind)} stay, and the maximum is lower"


def _machines(judge: "Judge") -> Iterator[str]:
    for region in judge.world.aws.regions():
        for thing in region.existing():
            if thing.ours and thing.token:
                yield f"{thing.id} in {region.name} was left behind, {thing.state}"
    for row in judge.books.rows("SELECT * FROM instance WHERE status != 'terminated'"):
        yield f"row {row['id']} is {row['status']} for ever ({row['reason']})"
    query = "SELECT * FROM runner WHERE kind = 'on-demand' AND status != 'gone'"
    for row in judge.books.rows(query):
        yield f"runner {row['name']} is {row['status']} for ever"


def _jobs(judge: "Judge") -> Iterator[str]:
    for row in judge.books.rows("SELECT * FROM job"):
        if row["status"] == "submitted" and row["blocked_by"]:
            yield from _blocked(judge, row)
            continue
        if row["status"] == "submitted" and not row["waiting"]:
            yield f"job {row['id']} waits without a reason"
        patience = (row["queue_timeout_s"] or 1 << 30) * 1000 + LATE_MS
        waited = judge.world.agenda.now - row["queued_at"]
        if row["status"] == "submitted" and waited > patience:
            yield f"job {row['id']} waits longer than its queue timeout"
        if row["status"] in ("running", "stopping", "aborting"):
            yield f"job {row['id']} is {row['status']} for ever"
    open_ones = "SELECT * FROM attempt WHERE finished_at IS NULL"
    for row in judge.books.rows(open_ones):
        yield f"attempt {row['number']} of job {row['job_id']} never ended"
    runs = {row["name"] for row in judge.books.rows("SELECT name FROM run")}
    for name in judge.accepted:
        if name not in runs:
            yield f"run {name} was accepted and is gone"


def _blocked(judge: "Judge", job: Row) -> Iterator[str]:
    """It waits for others: one of them can still be done."""
    every = judge.books.rows("SELECT id, status FROM job WHERE run_id = ?", job["run_id"])
    status = {row["id"]: row["status"] for row in every}
    ends = [status.get(need) for need in json.loads(job["depends_on"])]
    if all(end == "done" for end in ends):
        yield f"job {job['id']} has all that it needs, and is blocked for ever"
    if any(end in (None, "failed", "stopped", "aborted") for end in ends):
        yield f"job {job['id']} waits for what will never be done"


def _secrets(judge: "Judge") -> Iterator[str]:
    secrets = {*judge.secrets, *KEYS, *(secret for secret, _ in KEYS.values())}
    data = judge.world.folder / "data"
    stored = b"".join(_content(path) for path in sorted(data.glob("runners.db*")))
    said = "\n".join(judge.said)
    for secret in sorted(secrets):
        if secret.encode() in stored:
            yield f"the database holds a secret in plain text ({secret[:4]}…)"
        if secret in said:
            yield f"the log holds a secret ({secret[:4]}…)"


def _content(path: Path) -> bytes:
    return path.read_bytes()


def noisy(judge: "Judge") -> Iterator[str]:
    """Where nothing lives and nothing waits, EC2 is hardly asked."""
    since = judge.world.agenda.now - QUIET_SECONDS * 1000
    calls = [operation for at, operation in judge.calls if at >= since]
    if len(calls) > QUIET_CALLS:
        yield f"{len(calls)} calls to EC2 in {QUIET_SECONDS} s while nothing lives"
