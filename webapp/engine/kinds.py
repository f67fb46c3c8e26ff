"""Waiting jobs that ask the same are of one kind: a machine looks at a kind, not at each job."""

import hashlib
from dataclasses import fields

from webapp.engine.resources import Ask

_NAMES = tuple(each.name for each in fields(Ask))


def kind_of(ask: Ask) -> str:
    """A short word: the same for all jobs that ask the same, and for no others."""
    values = (getattr(ask, name) for name in _NAMES)
    parts = [sorted(each) if isinstance(each, frozenset) else each for each in values]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:20]
