"""What a person says about a runner that is lost or offline: as what it is taken back."""

from typing import Any

from sqlalchemy import update

from webapp.engine.states import ABSENT_RUNNER
from webapp.engine.states import Runner as Status
from webapp.models.event import Who, record
from webapp.models.runner import Runner
from webapp.models.transaction import execute, require_writing


def drain_absent(who: Who, runner: Any, why: str, now: int) -> bool:
    """It will take no jobs when it comes back."""
    return _comes_back(who, runner, Status.DRAINING, "runner drained while away", why, now)


def resume_absent(who: Who, runner: Any, why: str, now: int) -> bool:
    """It will take jobs when it comes back."""
    return _comes_back(who, runner, None, "runner resumed while away", why, now)


def _comes_back(who: Who, runner: Any, new: Status | None, what: str, why: str, now: int) -> bool:
    """False when it is back, or comes back as that already."""
    require_writing()
    if runner.comes_back_as == new:
        return False
    this = (Runner.id == runner.id, Runner.status.in_(ABSENT_RUNNER))
    query = update(Runner.__table__).where(*this).values(comes_back_as=new, updated_at=now)
    if execute(query).rowcount == 0:
        return False
    record(who, what, why, now, runner_id=runner.id)
    return True
