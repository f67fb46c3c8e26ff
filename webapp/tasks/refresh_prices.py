"""Keep the spot prices of the types that limits name, and of those that somebody looks at."""

import logging
from collections import defaultdict

from sqlalchemy import func, select

from webapp.clock import now as clock_now
from webapp.cloud.errors import CloudError
from webapp.extensions import db
from webapp.models.catalogue import SpotPrice, keep_prices
from webapp.models.late_prices import price_unpriced
from webapp.models.limit import limits
from webapp.models.price_wish import KEPT_MS, prices_wished
from webapp.models.transaction import writing
from webapp.tasks.cloud_access import the_cloud

log = logging.getLogger(__name__)

FRESH_MS = 15 * 60 * 1000


def refresh_prices(now: int) -> int:
    """How many prices were kept. One call a region; prices older than 15 min are asked again."""
    wanted = _stale(now)
    cloud = the_cloud() if wanted else None
    kept = 0
    for region, types in wanted.items() if cloud else ():
        try:
            prices = cloud.prices(region, sorted(types), clock_now())
        except CloudError as error:
            # The old prices stay, with their age.
            log.warning("spot prices of %s: %s", region, error)
            continue
        with writing():
            keep_prices(region, prices, clock_now())
            price_unpriced(region)
        kept += len(prices)
    return kept


def _stale(now: int) -> dict[str, set[str]]:
    key = (SpotPrice.region, SpotPrice.instance_type)
    ages = db.session.execute(select(*key, func.min(SpotPrice.at)).group_by(*key))
    fresh = {(row[0], row[1]) for row in ages if now - row[2] < FRESH_MS}
    wanted = defaultdict(set)
    named = [(limit.region, limit.instance_type) for limit in limits()]
    for region, instance_type in (*named, *prices_wished(now - KEPT_MS)):
        if (region, instance_type) not in fresh:
            wanted[region].add(instance_type)
    return wanted
