"""Keep the spot prices of the types that limits name."""

import logging
from collections import defaultdict

from sqlalchemy import func, select

from webapp.clock import now as clock_now
from webapp.cloud.errors import CloudError
from webapp.extensions import db
from webapp.models.catalogue import SpotPrice, keep_prices
from webapp.models.limit import limits
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
        kept += len(prices)
    return kept


def _stale(now: int) -> dict[str, set[str]]:
    key = (SpotPrice.region, SpotPrice.instance_type)
    ages = db.session.execute(select(*key, func.min(SpotPrice.at)).group_by(*key))
    fresh = {(row[0], row[1]) for row in ages if now - row[2] < FRESH_MS}
    wanted = defaultdict(set)
    for limit in limits():
        if (limit.region, limit.instance_type) not in fresh:
            wanted[limit.region].add(limit.instance_type)
    return wanted
