"""What was promised, held against what is there when the storm is over."""

from collections import Counter
from typing import Any

from tests.storm.left import left_behind
from tests.storm.town import LIMITS, Town
from tests.storm.work import IMPOSSIBLE_CPU, ended_twice, wrong_logs
from tests.waiting import eventually
from webapp.engine.plan.sightings import VISIBLE_AFTER


def all_settled(town: Town, seconds: float) -> None:
    """Until every job that was ever accepted has ended, or waits for what nobody has."""
    _within(lambda: [_said(job) for job in town.jobs() if not _is_settled(job)], seconds)


def nothing_runs(town: Town, patience: float) -> None:
    """Until EC2 has nothing left and the books say the same. Of a call that was never answered and
    made nothing the books are sure after minutes only; `patience` may be less than that."""
    _within(lambda: [f"{each['id']} {each['state']}" for each in _billed(town)], 60)
    waits = patience < VISIBLE_AFTER

    def unsure() -> list[str]:
        rows = (row for region in LIMITS for row in town.instances(region))
        return [
            f"{row.id} {row.status}"
            for row in rows
            if row.status != "terminated" and not (waits and _was_never_answered(row))
        ]

    _within(unsure, patience)


def faults(town: Town, accepted: set[str], most_at_once: dict[str, int]) -> list[str]:
    """Each promise that was broken, in a sentence."""
    jobs, attempts = town.jobs(), town.all_attempts()
    found = [f"{name} was accepted and is not there" for name in accepted - town.run_names()]
    found += [_said(job) for job in jobs if not _is_settled(job)]
    found += wrong_logs(attempts, town.log, town.work)
    found += [f"{job} ran to its end twice" for job in ended_twice(attempts)]
    for region, most in most_at_once.items():
        if most > LIMITS[region]:
            found.append(f"{most} machines at once in {region}, not {LIMITS[region]}")
    try:
        eventually(lambda: not left_behind(town), 30)
    except AssertionError:
        found += [f"left behind: {what}" for what in left_behind(town)]
    return found


def count(jobs: list[Any]) -> dict[str, int]:
    """Jobs by status; those that wait are in it only with a reason."""
    return dict(Counter(job.status for job in jobs if job.status == "done" or job.waiting))


def silent(jobs: list[Any]) -> list[str]:
    """Jobs that wait without a word."""
    return [_said(job) for job in jobs if job.status == "submitted" and not job.waiting]


def _within(unwanted: Any, seconds: float) -> None:
    try:
        eventually(lambda: not unwanted(), seconds)
    except AssertionError:
        if still := unwanted():
            raise AssertionError(f"after {seconds} s: {still}") from None


def _is_settled(job: Any) -> bool:
    if job.cpu_milli == IMPOSSIBLE_CPU * 1000:
        return job.status == "submitted" and bool(job.waiting)
    return job.status == "done"


def _said(job: Any) -> str:
    return f"job {job.id} is {job.status}: {job.waiting or job.reason}"


def _billed(town: Town) -> list[dict[str, Any]]:
    open_requests = [
        {"id": each["id"], "state": "open"} for each in town.aws.state()["open_requests"]
    ]
    return [each for region in LIMITS for each in town.in_aws(region)] + open_requests


def _was_never_answered(row: Any) -> bool:
    return row.status == "terminating" and not (row.ec2_id or row.request_id)
