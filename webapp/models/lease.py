"""Leases by name: of any number of processes, one holds each."""

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import db
from webapp.models.columns import Moment
from webapp.models.transaction import require_writing


class Lease(db.Model):
    """`holder` may act until `expires_at`; renewing in time keeps it."""

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    expires_at: Mapped[Moment]


def take_lease(name: str, holder: str, now: int, seconds: float) -> bool:
    """Take or renew; False while another holder's lease runs."""
    require_writing()
    until = now + int(seconds * 1000)
    dialect = db.session.connection().dialect.name
    insert = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[dialect]
    row = insert(Lease).values(name=name, holder=holder, expires_at=until)
    free = (Lease.holder == holder) | (Lease.expires_at <= now)
    row = row.on_conflict_do_update(
        index_elements=["name"], set_={"holder": holder, "expires_at": until}, where=free
    )
    return db.session.execute(row.returning(Lease.holder)).scalar() == holder


def give_up_lease(name: str, holder: str) -> None:
    """End our lease now, so that another process need not wait for it."""
    require_writing()
    mine = (Lease.name == name, Lease.holder == holder)
    db.session.execute(update(Lease).where(*mine).values(expires_at=0))


def lease_until(name: str) -> int:
    """When the lease of that name ends (epoch milliseconds), 0 when nobody ever took it."""
    lease = db.session.get(Lease, name)
    return lease.expires_at if lease else 0
