"""In AWS, in our security group, and not in our books."""

from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, mapped_column

from webapp.engine.plan.seen import Stranger as Sighting
from webapp.extensions import db
from webapp.models.columns import Moment, Name, Sentence
from webapp.models.event import SCHEDULER, Who, record
from webapp.models.transaction import announce, require_writing


class Stranger(db.Model):
    """`kind`: machine or request. `end_asked_at`: it is being ended; `gone_at`: EC2 no longer
    lists it as alive."""

    id: Mapped[Name] = mapped_column(primary_key=True)
    region: Mapped[Name]
    kind: Mapped[Name]
    instance_type: Mapped[Name]
    state: Mapped[Name]
    since: Mapped[Moment]
    why: Mapped[Sentence]
    seen_at: Mapped[Moment]
    gone_at: Mapped[Moment | None]
    end_asked_at: Mapped[Moment | None]
    end_by: Mapped[Name | None]
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[Moment | None]
    error: Mapped[Sentence | None]


def strangers() -> list[Stranger]:
    """Those that EC2 still lists."""
    query = select(Stranger).where(Stranger.gone_at.is_(None))
    return list(db.session.scalars(query.order_by(Stranger.since, Stranger.id)))


def see_stranger(sighting: Sighting, region: str, now: int) -> None:
    """Note it; one that is certainly ours is ended without asking."""
    require_writing()
    row = db.session.get(Stranger, sighting.id)
    news = {"state": sighting.state, "why": sighting.why, "seen_at": now, "gone_at": None}
    if row is None:
        facts = {"kind": sighting.kind, "instance_type": sighting.instance_type}
        row = Stranger(id=sighting.id, region=region, since=sighting.since, **facts, **news)
        db.session.add(row)
        record(SCHEDULER, "stranger seen", f"{sighting.id} in {region}: {sighting.why}", now)
    for name, value in news.items():
        setattr(row, name, value)
    db.session.flush()
    if sighting.ours and row.end_asked_at is None:
        end_stranger(SCHEDULER, row, now)


def end_stranger(who: Who, stranger: Stranger, now: int) -> None:
    """End it: the scheduler terminates or cancels until EC2 no longer lists it."""
    require_writing()
    values = {"end_asked_at": now, "end_by": who.name, "next_try_at": now}
    _set(stranger.id, **values)
    record(who, "stranger ended", f"{stranger.id} in {stranger.region}", now)
    announce("aws")


def strangers_gone(region: str, seen: set[str], now: int) -> None:
    """Those of a region that a full listing no longer shows are gone."""
    require_writing()
    query = update(Stranger.__table__).where(
        Stranger.region == region, Stranger.gone_at.is_(None), Stranger.id.not_in(seen)
    )
    db.session.execute(query.values(gone_at=now))


def stranger_tried(stranger: Stranger, error: str | None, next_try_at: int) -> None:
    """A call to end it was made."""
    require_writing()
    tries = stranger.tries + 1
    _set(stranger.id, tries=tries, error=error, next_try_at=next_try_at)


def _set(stranger_id: str, **values: object) -> None:
    query = update(Stranger.__table__).where(Stranger.id == stranger_id)
    db.session.execute(query.values(**values))
    db.session.expire_all()
