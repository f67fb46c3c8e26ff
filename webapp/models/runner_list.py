"""Runners as the page lists them: plain rows, because there may be a thousand."""

import json
from collections import defaultdict
from collections.abc import Collection
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import String, cast, select

from webapp.engine.states import ACTIVE_JOB
from webapp.engine.states import Runner as Status
from webapp.extensions import db
from webapp.models.job import Attempt, Job
from webapp.models.run import Run
from webapp.models.runner import Runner

_MOST_ATTEMPTS = 50
_MOST_GONE = 1000


class Held(NamedTuple):
    """A job that a runner holds."""

    id: str
    run_name: str


_TEXTS = ("gpus", "labels")  # lists that most rows share: their text is read once, not per row
_NOT_SHOWN = ("credential_digest", "machine_id", "session", "os", "arch", "python")


def runner_ids(gone: bool = False) -> list[str]:
    """Ids of all runners that are not gone (or of those that are), by name."""
    table = Runner.__table__
    query = select(table.c.id).where(_kind(gone)).order_by(table.c.name)
    return list(db.session.scalars(query.limit(_MOST_GONE) if gone else query))


def runner_rows(gone: bool = False, ids: Collection[str] | None = None) -> list[Any]:
    """The rows of these, or of those among them with one of the `ids`. Instead of `gpus` and
    `labels` they have `gpus_text` and `labels_text`, which `listed` reads."""
    table = Runner.__table__
    columns = [each for each in table.c if each.name not in (*_TEXTS, *_NOT_SHOWN)]
    columns += [cast(table.c[name], String).label(f"{name}_text") for name in _TEXTS]
    query = select(*columns).where(_kind(gone)).order_by(table.c.name)
    if ids is not None:
        query = query.where(table.c.id.in_(ids))
    return list(db.session.execute(query.limit(_MOST_GONE) if gone else query))


def _kind(gone: bool) -> Any:
    status = Runner.__table__.c.status
    return status == Status.GONE if gone else status != Status.GONE


@lru_cache(maxsize=1024)
def listed(text: str) -> tuple[str, ...]:
    """The names in the text of a list of labels or GPUs."""
    names = (each if isinstance(each, str) else each["name"] for each in json.loads(text))
    return tuple(str(name) for name in names)


def jobs_held() -> dict[str, list[Held]]:
    """Runner id -> the jobs it holds."""
    query = select(Job.runner_id, Job.id, Run.name).join(Run, Run.id == Job.run_id)
    query = query.where(Job.status.in_(ACTIVE_JOB), Job.runner_id.is_not(None))
    held: dict[str, list[Held]] = defaultdict(list)
    for runner_id, job_id, run_name in db.session.execute(query.order_by(Job.id)):
        held[runner_id].append(Held(job_id, run_name))
    return held


def tries_on(runner_id: str) -> list[Any]:
    """The newest attempts on a runner: (attempt, job, run name)."""
    query = select(Attempt, Job, Run.name).join(Job, Job.id == Attempt.job_id)
    query = query.join(Run, Run.id == Job.run_id).where(Attempt.runner_id == runner_id)
    query = query.order_by(Attempt.claimed_at.desc()).limit(_MOST_ATTEMPTS)
    return list(db.session.execute(query))
