"""A limit."""

from typing import Literal

from pydantic import Field

from webapp.api.shapes.resources import Resources, resources
from webapp.api.shapes.shape import Moment, Shape
from webapp.engine.snapshot import SPOT
from webapp.models.catalogue import offering
from webapp.models.limit import Limit


class LimitShape(Shape):
    """How many machines of one type may exist in one region, and what stands in their way."""

    region_name: str
    instance_type: str
    purchase_type: Literal["spot", "on-demand"]
    maximum: int
    resources: Resources = Field(description="Of one machine; zeros while it is not known.")
    availability_issues_at: Moment
    availability_issues_message: str | None


class Limits(Shape):
    """All limits."""

    limits: list[LimitShape]


def limit_shape(limit: Limit) -> LimitShape:
    """The limit as the API tells it."""
    offered = offering(limit.region, limit.instance_type)
    has = (offered.cpu_milli, offered.memory_mib, offered.gpus) if offered else (0, 0, [])
    return LimitShape(
        region_name=limit.region,
        instance_type=limit.instance_type,
        purchase_type=limit.purchase_type,
        maximum=limit.maximum,
        resources=resources(*has, limit.purchase_type == SPOT),
        availability_issues_at=limit.trouble_at,
        availability_issues_message=limit.trouble_message,
    )
