"""How long what runs leave is kept: the rule, what is stored, and deleting by it."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from webapp.engine.retention import Due, Rule, Space, due
from webapp.engine.states import FINISHED_JOB
from webapp.extensions import db
from webapp.models.artifact import Artifact
from webapp.models.artifact_drop import drop_artifacts
from webapp.models.blob import WHOLE, Blob
from webapp.models.columns import Moment, Name
from webapp.models.event import Who, record
from webapp.models.inputs import runs_still_needed
from webapp.models.job import Attempt, Job
from webapp.models.run import Run
from webapp.models.transaction import announce, require_writing


class Retention(db.Model):
    """The one row, once somebody set a rule."""

    id: Mapped[int] = mapped_column(primary_key=True)
    days: Mapped[int | None]
    gib: Mapped[int | None]
    logs: Mapped[bool]
    changed_at: Mapped[Moment]
    changed_by: Mapped[Name]


@dataclass(frozen=True, slots=True)
class Stored:
    """What there is: every run with something, sizes of contents, bytes of both kinds."""

    runs: list[Space]
    sizes: dict[int, int]
    artifacts: int
    logs: int

    def due(self, rule: Rule, now: int) -> list[Due]:
        """What would go now."""
        counted = self.artifacts + (self.logs if rule.logs else 0)
        return due(rule, self.runs, self.sizes, counted, now)

    def own(self, run: Space) -> int:
        """Bytes of the contents that this run refers to, whoever else does."""
        return sum(self.sizes.get(blob, 0) for blob in run.blobs)


def the_rule() -> Rule:
    """The one in force; off until somebody sets it."""
    row = db.session.get(Retention, 1, populate_existing=True)
    return Rule(row.days, row.gib, row.logs) if row else Rule()


def set_rule(who: Who, rule: Rule, now: int) -> None:
    """From the next look of the scheduler on."""
    require_writing()
    row = db.session.get(Retention, 1) or Retention(id=1)
    row.days, row.gib, row.logs = rule.days, rule.gib, rule.logs
    row.changed_at, row.changed_by = now, who.name
    db.session.add(row)
    record(who, "retention rule set", rule.words, now)
    announce("retention")


def stored(log_maximum: int, now: int) -> Stored:
    """Of this moment; a log is counted with at most `log_maximum` bytes, as it is kept."""
    blobs, logs = _blobs_by_run(), _logs_by_run(log_maximum)
    sizes = _sizes()
    query = select(Run.id, Run.name, Run.status, Run.finished_at, Run.tag_name)
    needed = runs_still_needed()
    runs = []
    for row in db.session.execute(query.order_by(Run.id)):
        if row.id not in blobs and row.id not in logs:
            continue
        over = row.status in FINISHED_JOB
        spared = not over or row.tag_name is not None or row.id in needed
        ended = row.finished_at if over and row.finished_at is not None else now
        about = (frozenset(blobs.get(row.id, ())), logs.get(row.id, 0), spared)
        runs.append(Space(row.id, row.name, ended, *about))
    return Stored(runs, sizes, sum(sizes.values()), sum(logs.values()))


def clear_run(who: Who, item: Due, logs: bool, now: int) -> list[str]:
    """Delete what this run left; ids of its jobs, whose logs the caller deletes once this is
    durable. Empty when somebody tagged, resumed or came to need it meanwhile."""
    require_writing()
    table = Run.__table__
    mine = select(table).where(table.c.id == item.run_id).with_for_update()
    run = db.session.execute(mine).first()
    if run is None or run.tag_name is not None or run.status not in FINISHED_JOB:
        return []
    if run.id in runs_still_needed():
        return []
    jobs = list(db.session.scalars(select(Job.id).where(Job.run_id == run.id)))
    drop_artifacts(jobs)
    values = {"artifacts_cleared_at": now} | ({"logs_cleared_at": now} if logs else {})
    db.session.execute(update(table).where(table.c.id == run.id).values(**values))
    what = "artifacts and logs deleted" if logs else "artifacts deleted"
    record(who, what, item.why, now, run_id=run.id, data={"frees": item.frees})
    return jobs


def _blobs_by_run() -> dict[int, set[int]]:
    query = select(Job.run_id, Artifact.blob_id).join(Artifact, Artifact.job_id == Job.id)
    found: dict[int, set[int]] = defaultdict(set)
    for run_id, blob_id in db.session.execute(query.distinct()):
        found[run_id].add(blob_id)
    return found


def _logs_by_run(log_maximum: int) -> dict[int, int]:
    size = case((Attempt.log_size > log_maximum, log_maximum), else_=Attempt.log_size)
    query = select(Job.run_id, func.sum(size)).join(Attempt, Attempt.job_id == Job.id)
    query = query.join(Run, Run.id == Job.run_id).where(Attempt.log_size > 0)
    after = or_(Run.logs_cleared_at.is_(None), Attempt.claimed_at >= Run.logs_cleared_at)
    rows = db.session.execute(query.where(after).group_by(Job.run_id))
    return {run_id: int(total) for run_id, total in rows}


def _sizes() -> dict[int, int]:
    rows = db.session.execute(select(Blob.id, Blob.size).where(Blob.state == WHOLE))
    return {row.id: row.size for row in rows}
