"""Prices for machines that were launched before any price was known."""

from sqlalchemy import select, update

from webapp.extensions import db
from webapp.models.catalogue import zone_prices
from webapp.models.instance import Instance
from webapp.models.transaction import require_writing


def price_unpriced(region: str) -> int:
    """Give spot machines of a region that have no price the one of their zone, or the highest of
    the region while their zone is not known; how many got one."""
    require_writing()
    query = select(Instance.id, Instance.instance_type, Instance.zone)
    query = query.where(Instance.region == region, Instance.purchase_type == "spot")
    priced = 0
    for row in db.session.execute(query.where(Instance.price.is_(None))).all():
        prices = zone_prices(region, row.instance_type)
        price = prices.get(row.zone, max(prices.values(), default=None))
        if price is not None:
            this = update(Instance.__table__).where(Instance.id == row.id)
            db.session.execute(this.values(price=price))
            priced += 1
    return priced
