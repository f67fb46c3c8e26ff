"""What EC2 offers, as of some time ago: regions, instance types with their resources, prices."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Index, delete, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from webapp.engine.snapshot import SPOT, Key
from webapp.extensions import db
from webapp.models.columns import JsonList, Moment, Name, Sentence
from webapp.models.transaction import announce, require_writing


class CatalogueRegion(db.Model):
    """A region of EC2. `usable`: enabled in this account. `wanted_at`: somebody needs its types."""

    name: Mapped[Name] = mapped_column(primary_key=True)
    usable: Mapped[bool] = mapped_column(default=True)
    wanted_at: Mapped[Moment | None]
    refreshed_at: Mapped[Moment | None]
    error: Mapped[Sentence | None]


class Offering(db.Model):
    """An instance type as one region offers it; memory is what AWS states."""

    region: Mapped[Name] = mapped_column(primary_key=True)
    instance_type: Mapped[Name] = mapped_column(primary_key=True)
    cpu_milli: Mapped[int]
    memory_mib: Mapped[int]
    gpus: Mapped[JsonList]
    arch: Mapped[Name]
    purchase_types: Mapped[JsonList]
    zones: Mapped[JsonList]

    __table_args__ = (Index("ix_offering_instance_type", "instance_type"),)


class SpotPrice(db.Model):
    """Dollars per hour in one zone, as EC2 told it at `at`."""

    zone: Mapped[Name] = mapped_column(primary_key=True)
    instance_type: Mapped[Name] = mapped_column(primary_key=True)
    region: Mapped[Name]
    price: Mapped[float]
    at: Mapped[Moment]

    __table_args__ = (Index("ix_spot_price_region", "region", "instance_type"),)


def regions() -> list[CatalogueRegion]:
    """All that EC2 named."""
    return list(db.session.scalars(select(CatalogueRegion).order_by(CatalogueRegion.name)))


def offering(region: str, instance_type: str) -> Offering | None:
    """One type in one region, None when it is not offered there or not known yet."""
    return db.session.get(Offering, (region, instance_type))


def offerings(region: str, typed: str = "", most: int = 50) -> list[Offering]:
    """Types of a region whose name contains what was typed."""
    query = select(Offering).where(Offering.region == region)
    query = query.where(Offering.instance_type.contains(typed.strip().lower(), autoescape=True))
    return list(db.session.scalars(query.order_by(Offering.instance_type).limit(most)))


def zone_prices(region: str, instance_type: str) -> dict[str, float]:
    """Zone -> spot price."""
    query = select(SpotPrice.zone, SpotPrice.price)
    query = query.filter_by(region=region, instance_type=instance_type)
    return {zone: price for zone, price in db.session.execute(query)}


def lowest_prices() -> dict[tuple[str, str], tuple[float, int]]:
    """(region, type) -> the lowest spot price of its zones, and the age of the oldest (moment)."""
    key = (SpotPrice.region, SpotPrice.instance_type)
    query = select(*key, func.min(SpotPrice.price), func.min(SpotPrice.at)).group_by(*key)
    return {(row[0], row[1]): (row[2], row[3]) for row in db.session.execute(query)}


def price_of(key: Key) -> tuple[float | None, int | None]:
    """The lowest spot price of the zones now, and when EC2 told the oldest of them; None, None
    when it is not known, as for every purchase type but spot."""
    if key.purchase_type != SPOT:
        return None, None
    query = select(func.min(SpotPrice.price), func.min(SpotPrice.at))
    query = query.filter_by(region=key.region, instance_type=key.instance_type)
    row = db.session.execute(query).one()
    return row[0], row[1]


def newest_price() -> int | None:
    """When a spot price was last kept."""
    return db.session.scalar(select(func.max(SpotPrice.at)))


def keep_regions(names: Iterable[tuple[str, bool]], now: int) -> None:
    """Add what is new; `names` are (name, usable)."""
    require_writing()
    for name, usable in names:
        row = db.session.get(CatalogueRegion, name)
        if row is None:
            db.session.add(CatalogueRegion(name=name, usable=usable))
        else:
            row.usable = usable
    db.session.flush()


def want_region(name: str, now: int) -> None:
    """Somebody looks at this region: fetch its types soon, and keep them fresh."""
    require_writing()
    row = db.session.get(CatalogueRegion, name)
    if row is None:
        row = CatalogueRegion(name=name, usable=True)
        db.session.add(row)
    row.wanted_at = now
    db.session.flush()
    announce("catalogue")


def keep_offerings(region: str, rows: list[dict[str, Any]], now: int) -> None:
    """Replace what is known of a region."""
    require_writing()
    db.session.execute(delete(Offering).where(Offering.region == region))
    if rows:
        values = [{"region": region, **row} for row in rows]
        db.session.execute(insert(Offering.__table__), values)
    _note(region, now, None)


def catalogue_failed(region: str, message: str, now: int) -> None:
    """EC2 did not tell; what is known stays usable."""
    require_writing()
    _note(region, None, message)


def keep_prices(region: str, prices: dict[tuple[str, str], float], now: int) -> None:
    """Replace the prices of these (zone, type) pairs."""
    require_writing()
    for (zone, instance_type), price in prices.items():
        key = {"zone": zone, "instance_type": instance_type}
        db.session.merge(SpotPrice(region=region, price=price, at=now, **key))
    db.session.flush()


def _note(region: str, refreshed_at: int | None, error: str | None) -> None:
    row = db.session.get(CatalogueRegion, region)
    if row is None:
        row = CatalogueRegion(name=region, usable=True)
        db.session.add(row)
    row.refreshed_at = refreshed_at or row.refreshed_at
    row.error = error
    db.session.flush()
