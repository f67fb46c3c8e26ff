"""Leases by name: of any number of processes, one holds each."""

from sqlalchemy import case, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import db
from webapp.models.columns import Moment
from webapp.models.transaction import require_writing

LEADER = "leader"  # who holds this one runs the scheduled tasks


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
    unbroken = (Lease.holder == holder) & (Lease.expires_at > now)
    since = case((unbroken, Lease.since), else_=now)
    row = row.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": holder, "expires_at": until, "since": since},
        where=unbroken | (Lease.expires_at <= now),
    )
    return db.session.execute(row.returning(Lease.holder)).scalar() == holder


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
