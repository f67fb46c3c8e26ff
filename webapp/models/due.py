"""When a moment in the books has come, on a clock that may have been set back."""

from typing import Any

from sqlalchemy import ColumnElement, or_


def due(at: Any, now: int, longest_ms: int) -> ColumnElement[bool]:
    """That the moment `at` has come, or lies further ahead than anybody puts one: then it was
    written by a call that began before the clock was set back."""
    return or_(at <= now, at > now + longest_ms)
