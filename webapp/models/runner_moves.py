"""Every way in which a runner changes its status."""

from typing import Any

from sqlalchemy import bindparam, update

from webapp.engine.states import RUNNER_MOVES
from webapp.engine.states import Runner as Status
from webapp.models.event import Who
from webapp.models.heartbeats import hear_again
from webapp.models.moves import move
from webapp.models.runner import Runner
from webapp.models.transaction import announce, execute

_TOUCHED = update(Runner.__table__).where(Runner.__table__.c.id == bindparam("key"))


def move_runner(
    who: Who, runner: Any, new: Status, what: str, why: str, now: int, **values: Any
) -> bool:
    """Move a runner from the status it was read in; its agent and the queue hear of it."""
    moved = move(
        RUNNER_MOVES,
        Runner,
        runner.id,
        Status(runner.status),
        new,
        who=who,
        what=f"runner {what}",
        why=why,
        now=now,
        about={"runner_id": runner.id},
        values={"reason": why or None, **values},
    )
    if moved:
        announce(f"runner:{runner.id}")
    return moved


def drain_runner(who: Who, runner: Any, why: str, now: int) -> bool:
    """Take no more jobs; running ones go on."""
    return move_runner(who, runner, Status.DRAINING, "draining", why, now)


def resume_runner(who: Who, runner: Any, why: str, now: int) -> bool:
    """Take jobs again."""
    return move_runner(who, runner, Status.LIVE, "resumed", why, now)


def remove_runner(who: Who, runner: Any, why: str, now: int) -> bool:
    """Forget a machine; the row stays for history, and for telling its agent what happened."""
    return move_runner(who, runner, Status.GONE, "removed", why, now, session=None)


def lose_runner(who: Who, runner: Any, why: str, now: int) -> bool:
    """No heartbeat for the lease."""
    return _leave(who, runner, Status.LOST, why, now)


def interrupt_runner(who: Who, runner: Any, why: str, now: int, at: int | None) -> bool:
    """EC2 takes the machine back at `at`."""
    return move_runner(who, runner, Status.INTERRUPTED, "interrupted", why, now, interruption_at=at)


def runner_back(who: Who, runner: Any, why: str, now: int) -> bool:
    """A lost or offline runner was heard again: it is what it was."""
    new = Status(runner.comes_back_as or Status.LIVE)
    why = why if new == Status.LIVE else f"It was {new} before."
    return move_runner(who, runner, new, new.value, why, now, comes_back_as=None)


def runner_offline(who: Who, runner: Any, why: str, now: int) -> bool:
    """The agent said goodbye."""
    return _leave(who, runner, Status.OFFLINE, why, now)


def _leave(who: Who, runner: Any, new: Status, why: str, now: int) -> bool:
    was = None if runner.status == Status.LIVE else runner.status
    return move_runner(who, runner, new, new.value, why, now, session=None, comes_back_as=was)


def touch_runner(runner_id: str, now: int, **values: Any) -> None:
    """It was heard; `values` are facts that came along."""
    execute(_TOUCHED, {"key": runner_id, "last_seen_at": now, **values})


def hear_runner(who: Who, runner: Any, session: str, now: int) -> bool:
    """It spoke: note when, and take it back if it was lost; whether it came back."""
    if runner.status != Status.LOST and runner.session == session:
        hear_again(runner.id, session, now)
        return False
    touch_runner(runner.id, now, session=session)
    if runner.status != Status.LOST:
        return False
    return runner_back(who, runner, "it was heard again", now)
