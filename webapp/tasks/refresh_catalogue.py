"""Keep what EC2 offers: regions, and the types of the regions that somebody needs."""

import logging
from typing import Any

from sqlalchemy import func, select

from webapp.clock import now as clock_now
from webapp.cloud.errors import CloudError
from webapp.cloud.interface import Cloud
from webapp.extensions import db
from webapp.models.aws_account import aws_account
from webapp.models.catalogue import (
    CatalogueRegion,
    catalogue_failed,
    keep_offerings,
    keep_regions,
    regions,
)
from webapp.models.limit import Limit
from webapp.models.transaction import writing
from webapp.tasks.cloud_access import the_cloud

log = logging.getLogger(__name__)

FRESH_MS = 24 * 3600 * 1000
WANTED_MS = 7 * 24 * 3600 * 1000


def refresh_catalogue(now: int) -> int:
    """How many regions were fetched; at most one per run, as it takes seconds."""
    cloud = the_cloud()
    if cloud is None:
        return 0
    if db.session.scalar(select(func.count()).select_from(CatalogueRegion)) < 2:
        _regions(cloud)
    stale = [name for name in _needed(now) if _is_stale(name, now)]
    for name in stale[:1]:
        _fetch(cloud, name)
    return len(stale[:1])


def _needed(now: int) -> list[str]:
    """Regions of limits first, then the default region, then those that a page asked for."""
    account = aws_account()
    names = list(db.session.scalars(select(Limit.region).distinct().order_by(Limit.region)))
    names += [account.region] if account and account.region else []
    names += [each.name for each in regions() if now - (each.wanted_at or 0) < WANTED_MS]
    return list(dict.fromkeys(names))


def _is_stale(name: str, now: int) -> bool:
    row = db.session.get(CatalogueRegion, name)
    return row is None or row.refreshed_at is None or now - row.refreshed_at >= FRESH_MS


def _regions(cloud: Cloud) -> None:
    try:
        found = cloud.regions()
    except CloudError as error:
        log.warning("the list of regions: %s", error)
        return
    with writing():
        keep_regions(found, clock_now())


def _fetch(cloud: Cloud, region: str) -> None:
    try:
        types, zones = cloud.types(region), cloud.zones(region)
    except CloudError as error:
        log.warning("the catalogue of %s: %s", region, error)
        with writing():
            catalogue_failed(region, str(error), clock_now())
        return
    rows: list[dict[str, Any]] = [
        {
            "instance_type": each.name,
            "cpu_milli": each.cpu_milli,
            "memory_mib": each.memory_mib,
            "gpus": [{"name": name, "memory_mib": size} for name, size in each.gpus],
            "arch": each.arch,
            "purchase_types": list(each.purchase_types),
            "zones": zones[each.name],
        }
        for each in types
        if each.name in zones
    ]
    with writing():
        keep_offerings(region, rows, clock_now())
