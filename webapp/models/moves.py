"""The only place where a status changes: a guarded UPDATE and its event, in one transaction."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import update

from webapp.engine.states import Actor, check_move
from webapp.extensions import db
from webapp.models.event import Who, record
from webapp.models.transaction import require_writing

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
    only_if: tuple[Any, ...] = (),
) -> bool:
    """Move one row from `old` to `new`; False when it is no longer in `old` (somebody was first).

    `values` are other columns to set, `only_if` further conditions, `about` what the event names.
    Raises ForbiddenMove for a move that no rule allows, RuntimeError outside of `writing()`.
    """
    require_writing()
    check_move(moves, old, new, who.actor)
    query = update(table.__table__).where(table.id == key, table.status == old, *only_if)
    changed = {"status": new, "updated_at": now, **(values or {})}
    if db.session.execute(query.values(**changed)).rowcount == 0:
        return False
    record(who, what, why, now, **about)
    return True
