"""New runners: a self-hosted machine, or the instance that a limit asked for."""

import uuid
from typing import Any

from sqlalchemy import select

from webapp.engine.states import Runner as Status
from webapp.extensions import db
from webapp.models.event import Who, record
from webapp.models.installation import digest
from webapp.models.naming import name_for_self_hosted_runner
from webapp.models.runner import SELF_HOSTED, Runner
from webapp.models.transaction import require_writing


def add_self_hosted_runner(
    who: Who, why: str, now: int, *, credential: str, name: str | None, **columns: Any
) -> Runner:
    """A runner that has not started yet: offline, with a credential of its own."""
    require_writing()
    runner = Runner(
        id=str(uuid.uuid4()),
        name=_free_name(name) if name else name_for_self_hosted_runner(),
        kind=SELF_HOSTED,
        status=Status.OFFLINE,
        reason="It was configured and has not been started yet.",
        credential_digest=digest(credential),
        created_at=now,
        updated_at=now,
        gpus=[],
        **columns,
    )
    db.session.add(runner)
    db.session.flush()
    record(who, "runner added", why, now, runner_id=runner.id)
    return runner


def _free_name(wanted: str) -> str:
    """The name itself, or with the first number that is free."""
    taken = set(db.session.scalars(select(Runner.name).where(Runner.name.startswith(wanted))))
    if wanted not in taken:
        return wanted
    return next(name for n in range(2, len(taken) + 3) if (name := f"{wanted}-{n}") not in taken)
