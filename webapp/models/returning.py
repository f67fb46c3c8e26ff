"""Jobs that are taken from their runner through no fault of their own."""

from webapp.engine.outcomes import Ended
from webapp.models.attempts import conclude
from webapp.models.event import SCHEDULER
from webapp.models.job_moves import active_jobs


def return_jobs(runner_id: str, why: str, now: int) -> int:
    """Queue them again without spending a retry (or end them, if that was asked); how many."""
    jobs = active_jobs(runner_id)
    return sum(conclude(SCHEDULER, job, Ended("returned", reason=why), now) for job in jobs)
