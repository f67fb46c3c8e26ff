"""Names that people can say: `cowardly-goose-1` for runs and on-demand runners, `ginger-1` for
self-hosted ones. The number counts per word from 1."""

import secrets

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import db
from webapp.models.transaction import require_writing
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
    dialect = db.session.connection().dialect.name
    insert = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[dialect]
    query = insert(NameCounter).values(kind=kind, words=words, count=1)
    query = query.on_conflict_do_update(
        index_elements=["kind", "words"], set_={"count": NameCounter.count + 1}
    ).returning(NameCounter.count)
    return f"{words}-{db.session.execute(query).scalar_one()}"
