"""Whose artifacts a job begins with: those of tagged runs, and what must be kept for them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from webapp.engine.jobs import TaggedInput
from webapp.engine.states import FINISHED_JOB
from webapp.engine.states import Job as Status
from webapp.engine.tags import TaggedJob, TaggedRun, jobs_under
from webapp.extensions import db
from webapp.models.job import Job
from webapp.models.run import Run

_CHUNK = 500


def tagged_jobs(wanted: Sequence[TaggedInput], variables: Mapping[str, str]) -> list[str]:
    """Ids of the jobs that are meant; their runs are locked until the end of this transaction, so
    that they are not pruned in between. Raises engine.tags.UnknownTag."""
    return [job_id for each in wanted for job_id in _one(each, variables)]


def _one(wanted: TaggedInput, variables: Mapping[str, str]) -> list[str]:
    query = select(Run.__table__).where(Run.tag_name == wanted.tag)
    run = db.session.execute(query.with_for_update(read=True)).first()
    if run is None:
        tags = select(Run.tag_name).where(Run.tag_name.is_not(None)).order_by(Run.tag_name)
        return jobs_under(wanted, variables, None, list(db.session.scalars(tags.limit(50))))
    jobs = select(Job.id, Job.workflow_name, Job.status).where(Job.run_id == run.id)
    rows = db.session.execute(jobs.order_by(Job.position))
    found = [TaggedJob(row.id, row.workflow_name, Status(row.status)) for row in rows]
    tagged = TaggedRun(run.name, run.workflow_name, run.variables or {}, found)
    return jobs_under(wanted, variables, tagged)


def runs_still_needed() -> set[int]:
    """Ids of the runs whose artifacts the jobs of unfinished runs begin with."""
    query = select(Job.input_jobs).join(Run, Run.id == Job.run_id)
    lists = db.session.scalars(query.where(Run.status.not_in(FINISHED_JOB)))
    return set(_runs_of({job_id for each in lists for job_id in each}).values())


def missing_inputs(jobs: Iterable[Any]) -> set[str]:
    """Ids of jobs whose artifacts these begin with, and whose run was pruned or lost them by the
    rule of Settings → Storage. (What these leave themselves is made anew.)"""
    queued = list(jobs)
    wanted = {job_id for job in queued for job_id in job.input_jobs}
    kept = _runs_of(wanted)
    cleared = _cleared(set(kept) - {job.id for job in queued})
    return (wanted - kept.keys()) | cleared


def _cleared(job_ids: Iterable[str]) -> set[str]:
    """Those that ended before their run lost its artifacts."""
    ids, found = sorted(job_ids), set()
    for start in range(0, len(ids), _CHUNK):
        query = select(Job.id).join(Run, Run.id == Job.run_id)
        query = query.where(Job.id.in_(ids[start : start + _CHUNK]))
        found |= set(db.session.scalars(query.where(Job.finished_at <= Run.artifacts_cleared_at)))
    return found


def _runs_of(job_ids: Iterable[str]) -> dict[str, int]:
    """Job id -> id of its run, of those that are there."""
    ids, found = sorted(job_ids), {}
    for start in range(0, len(ids), _CHUNK):
        query = select(Job.id, Job.run_id).where(Job.id.in_(ids[start : start + _CHUNK]))
        found.update({row.id: row.run_id for row in db.session.execute(query)})
    return found
