"""Types whose spot price somebody wants to know before there is a limit for them."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import db
from webapp.models.columns import Moment, Name
from webapp.models.transaction import announce, require_writing

KEPT_MS = 3600 * 1000


class PriceWish(db.Model):
    """One row for each type of a region that was looked at within the last hour."""

    region: Mapped[Name] = mapped_column(primary_key=True)
    instance_type: Mapped[Name] = mapped_column(primary_key=True)
    wanted_at: Mapped[Moment]


def wish_price(region: str, instance_type: str, now: int) -> None:
    """Fetch this price soon; wishes of an hour ago are forgotten."""
    require_writing()
    db.session.execute(delete(PriceWish).where(PriceWish.wanted_at < now - KEPT_MS))
    db.session.merge(PriceWish(region=region, instance_type=instance_type, wanted_at=now))
    db.session.flush()
    announce("prices")


def prices_wished(since: int) -> list[tuple[str, str]]:
    """(region, type) of each wish after that moment."""
    query = select(PriceWish.region, PriceWish.instance_type)
    rows = db.session.execute(query.where(PriceWish.wanted_at >= since))
    return [(row[0], row[1]) for row in rows]
