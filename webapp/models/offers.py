"""What each runner offers, read each second for all of them."""

import json
from collections.abc import Iterator
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import String, cast, select

from webapp.engine.resources import Have
from webapp.engine.states import Runner as Status
from webapp.models.runner import Runner, have
from webapp.models.transaction import execute

_T = Runner.__table__.c
_ABOUT = (_T.id, _T.name, _T.status, _T.kind, _T.created_at, _T.started_at, _T.updated_at)
_PLAIN = (_T.cpu_milli, _T.memory_mib, _T.max_jobs, _T.container_engine, _T.purchase_type)
_JSON = (_T.gpus, _T.labels)
_NAMES = tuple(column.name for column in (*_PLAIN, *_JSON))
# As text: it is the same few texts again and again, and reading JSON was a quarter of a tick.
_THERE = select(*_ABOUT, *_PLAIN, *(cast(column, String) for column in _JSON))
_THERE = _THERE.where(_T.status != Status.GONE)


def runners_there() -> Iterator[tuple[Any, Have]]:
    """Each runner that is not gone (id, name, status, kind, when it was made, started, changed),
    and what it offers when nothing runs on it."""
    for row in execute(_THERE):
        yield row, _offer(*row[len(_ABOUT) :])


@lru_cache(maxsize=10_000)
def _offer(*values: Any) -> Have:
    about = dict(zip(_NAMES, values, strict=True))
    about |= {column.name: json.loads(about[column.name]) for column in _JSON}
    return have(SimpleNamespace(**about))
