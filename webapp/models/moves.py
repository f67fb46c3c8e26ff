"""The only place where a status changes: a guarded UPDATE and its event, in one transaction."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import bindparam, update

from webapp.engine.states import Actor, check_move
from webapp.models.event import Who, record
from webapp.models.transaction import execute, require_writing

Moves = Mapping[tuple[StrEnum, StrEnum], frozenset[Actor]]


def move(
    moves: Moves,
    table: Any,
    key: Any,
    old: StrEnum,
    new: StrEnum,
    *,
    who: Who,
    what: str,
    why: str,
    now: int,
    about: Mapping[str, Any],
    values: Mapping[str, Any] | None = None,
    same: Mapping[str, Any] | None = None,
) -> bool:
    """Move one row from `old` to `new`; False when it is no longer in `old` (somebody was first).

    `values` are other columns to set, `same` columns that must still be as they were read, `about`
    what the event names.
    Raises ForbiddenMove for a move that no rule allows, RuntimeError outside of `writing()`.
    """
    require_writing()
    check_move(moves, old, new, who.actor)
    changed = {"status": new, "updated_at": now, **(values or {})}
    guards = {"id": key, "status": old, **(same or {})}
    bound = {f"new_{name}": value for name, value in changed.items()}
    bound |= {f"old_{name}": value for name, value in guards.items()}
    if execute(_statement(table, tuple(changed), tuple(guards)), bound).rowcount == 0:
        return False
    record(who, what, why, now, **about)
    return True


@cache
def _statement(table: Any, changed: tuple[str, ...], guards: tuple[str, ...]) -> Any:
    """Built once for each set of columns: building costs more than running it."""
    columns = table.__table__.c
    query = update(table.__table__).where(*(columns[n] == bindparam(f"old_{n}") for n in guards))
    return query.values({name: bindparam(f"new_{name}") for name in changed})
