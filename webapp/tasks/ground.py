"""What a launch stands on: security group, subnets, image, zone. Cached per region."""

from dataclasses import asdict
from typing import Any

from webapp.cloud.interface import Cloud, Image
from webapp.extensions import db
from webapp.models.catalogue import offering, zone_prices
from webapp.models.instance import Instance
from webapp.models.limit import Limit
from webapp.models.region import Region, keep_ground
from webapp.models.transaction import writing
from webapp.tasks.cloud_access import group_name

FRESH_MS = 24 * 3600 * 1000  # images are rebuilt every few weeks


def ground_of(cloud: Cloud, region: str, now: int) -> dict[str, Any]:
    """Our group and the subnets; asks EC2 when the cache is older than a day. CloudError."""
    row = db.session.get(Region, region)
    if row and row.ground and now - (row.ground_at or 0) < FRESH_MS:
        return dict(row.ground)
    found = asdict(cloud.ground(region, group_name()))
    with writing():
        keep_ground(region, {**found, "images": {}}, now)
    return {**found, "images": {}}


def image_for(cloud: Cloud, limit: Limit | None, arch: str, gpu: bool, region: str, now: int):
    """The image of a machine: the limit's own, or the newest official one. CloudError."""
    own = limit.image_id if limit else None
    kind = own or arch + ("-gpu" if gpu else "")
    ground = ground_of(cloud, region, now)
    if kind in ground["images"]:
        return Image(**ground["images"][kind])
    image = cloud.image_of(region, own) if own else cloud.image(region, arch, gpu)
    images = {**ground["images"], kind: asdict(image)}
    with writing():
        row = db.session.get(Region, region)
        keep_ground(region, {**ground, "images": images}, row.ground_at if row else now)
    return image


def choose_zone(
    instance: Instance, limit: Limit | None, subnets: dict[str, str], now: int
) -> tuple[str, float | None]:
    """The zone to try, and its price: not one that lacked capacity lately, then the cheapest."""
    found = offering(instance.region, instance.instance_type)
    offered = [zone for zone in found.zones if zone in subnets] if found else []
    prices = zone_prices(instance.region, instance.instance_type)
    blocked = limit.zones if limit else {}

    def rank(zone: str) -> tuple[bool, bool, float, str]:
        price = prices.get(zone)
        return (blocked.get(zone, 0) > now, price is None, price or 0.0, zone)

    best = min(offered or sorted(subnets), key=rank)
    return best, prices.get(best) if instance.purchase_type == "spot" else None
