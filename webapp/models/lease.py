"""Leases by name: of any number of processes, one holds each."""

from sqlalchemy import case, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import db
from webapp.models.columns import Moment
from webapp.models.transaction import require_writing

LEADER = "leader"  # who holds this one runs the scheduled tasks
# Clocks of several servers differ; a lease that ends later than this was taken by a clock that has
# been set back since, and its holder, were it alive, would have renewed it by the new time.
IMPOSSIBLE_MS = 300_000


class Lease(db.Model):
    """`holder` may act until `expires_at`; it has held it without a gap since `since`."""

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    expires_at: Mapped[Moment]
    since: Mapped[Moment]


def take_lease(name: str, holder: str, now: int, seconds: float) -> bool:
    """Take or renew; False while another holder's lease runs."""
    require_writing()
    until = now + int(seconds * 1000)
    dialect = db.session.connection().dialect.name
    insert = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[dialect]
    row = insert(Lease).values(name=name, holder=holder, expires_at=until, since=now)
    unbroken = (Lease.holder == holder) & (Lease.expires_at > now) & (Lease.since <= now)
    over = (Lease.expires_at <= now) | (Lease.expires_at > until + IMPOSSIBLE_MS)
    since = case((unbroken, Lease.since), else_=now)
    row = row.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": holder, "expires_at": until, "since": since},
        where=(Lease.holder == holder) | over,
    )
    return db.session.execute(row.returning(Lease.holder)).scalar() == holder


def set_back_by(name: str, holder: str, now: int, seconds: float) -> int:
    """By how many milliseconds the clock was set back since this lease was last renewed; 0 when
    it was not. `seconds` is how long the lease is taken for."""
    row = db.session.get(Lease, name)
    if row is None:
        return 0
    renewed_at = row.expires_at - int(seconds * 1000)
    trusted = 1000 if row.holder == holder else IMPOSSIBLE_MS
    return renewed_at - now if renewed_at - now > trusted else 0


def holder_of(name: str) -> str | None:
    """Who took the lease of that name last."""
    return db.session.scalar(select(Lease.holder).where(Lease.name == name))


def give_up_lease(name: str, holder: str) -> None:
    """End our lease now, so that another process need not wait for it."""
    require_writing()
    mine = (Lease.name == name, Lease.holder == holder)
    db.session.execute(update(Lease).where(*mine).values(expires_at=0))


def lease_until(name: str) -> int:
    """When the lease of that name ends (epoch milliseconds), 0 when nobody ever took it."""
    return db.session.scalar(select(Lease.expires_at).where(Lease.name == name)) or 0


def held_for(name: str, now: int) -> float:
    """For how many seconds somebody has held this lease without a gap; 0 when nobody does."""
    query = select(Lease.since).where(Lease.name == name, Lease.expires_at > now)
    since = db.session.scalar(query)
    return 0 if since is None else (now - since) / 1000


def holds_lease(name: str, holder: str, now: int) -> bool:
    """Whether this holder may act at this moment."""
    mine = (Lease.name == name, Lease.holder == holder, Lease.expires_at > now)
    return db.session.scalar(select(Lease.name).where(*mine)) is not None
