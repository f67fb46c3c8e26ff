"""Names that people can say: `cowardly-goose-1` for runs and on-demand runners, `ginger-1` for
self-hosted ones. The number counts per word from 1."""

import secrets
from functools import cache
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import db
from webapp.models.transaction import execute, require_writing
from webapp.models.words import ADJECTIVES, ANIMALS, SPICES


class NameCounter(db.Model):
    """How many of each name were given; never goes back, so a name is never given twice."""

    kind: Mapped[str] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


def name_for_run() -> str:
    """The next name of a random pair of words."""
    return _next("run", f"{secrets.choice(ADJECTIVES)}-{secrets.choice(ANIMALS)}")


def name_for_on_demand_runner() -> str:
    """The next name of a random pair of words."""
    return _next("runner", f"{secrets.choice(ADJECTIVES)}-{secrets.choice(ANIMALS)}")


def name_for_self_hosted_runner() -> str:
    """The next name of a random word."""
    return _next("runner", secrets.choice(SPICES))


def _next(kind: str, words: str) -> str:
    require_writing()
    query = _count_one(db.session.connection().dialect.name)
    return f"{words}-{execute(query, {'kind': kind, 'words': words, 'count': 1}).scalar_one()}"


@cache
def _count_one(dialect: str) -> Any:
    """Built once for each kind of database: building it takes longer than running it."""
    insert = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[dialect]
    columns = NameCounter.__table__.c
    query = insert(NameCounter.__table__).values({c.name: bindparam(c.name) for c in columns})
    return query.on_conflict_do_update(
        index_elements=["kind", "words"], set_={"count": columns["count"] + 1}
    ).returning(columns["count"])
