"""Jobs that waited longer than their queue timeout fail, with the reason why they waited.

The time begins when a job is free to run: waiting for other jobs of its run does not count.
"""

from sqlalchemy import select

from webapp.extensions import db
from webapp.models.event import SCHEDULER
from webapp.models.job import Job
from webapp.models.job_moves import fail_waiting_job
from webapp.models.queue import IN_LINE, WAITS
from webapp.models.transaction import writing


def expire_queue(now: int) -> int:
    """How many jobs were ended."""
    jobs = Job.__table__
    waited_out = jobs.c.queued_at + jobs.c.queue_timeout_s * 1000 <= now
    query = select(jobs).where(*WAITS, waited_out).order_by(*IN_LINE).limit(500)
    return sum(_expire(job, now) for job in db.session.execute(query).all())


def _expire(job, now: int) -> bool:
    why = f"It waited longer than its queue timeout of {job.queue_timeout_s} s."
    if job.waiting:
        why += f" Why it waited: {job.waiting}"
    with writing():
        return fail_waiting_job(SCHEDULER, job, why, now)
