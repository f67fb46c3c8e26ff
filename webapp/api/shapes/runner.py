"""A runner."""

from collections.abc import Iterable
from typing import Literal

from pydantic import Field

from webapp.api.shapes.resources import Resources, resources
from webapp.api.shapes.shape import Moment, RunnerStatus, Shape
from webapp.engine.snapshot import SPOT
from webapp.engine.states import Runner as Status
from webapp.models.catalogue import lowest_prices
from webapp.models.runner import Runner


class RunnerShape(Shape):
    """A machine with an agent, or one that was asked of EC2. The last three are null for a
    self-hosted one. The published client knows two statuses; `status_name` has them all."""

    runner_id: str
    user_name: str | None
    runner_name: str
    host_name: str | None
    status: Literal["live", "requested"]
    status_name: RunnerStatus
    updated_at: Moment
    resources: Resources
    region_name: str | None
    estimated_price: float | None = Field(description="Dollars per hour, as EC2 last told.")
    purchase_type: Literal["spot", "on-demand"] | None


class Runners(Shape):
    """Some runners."""

    runners: list[RunnerShape]


def runner_shapes(rows: Iterable[Runner]) -> list[RunnerShape]:
    """Each of them, with the price of its type in its region."""
    prices = lowest_prices()
    return [_shape(row, prices.get((row.region or "", row.instance_type or ""))) for row in rows]


def _shape(row: Runner, price: tuple[float, int] | None) -> RunnerShape:
    spot = row.purchase_type == SPOT
    return RunnerShape(
        runner_id=row.id,
        user_name=row.owner.name if row.owner else None,
        runner_name=row.name,
        host_name=row.hostname,
        status="requested" if row.status == Status.REQUESTED else "live",
        status_name=Status(row.status),
        updated_at=row.last_seen_at or row.updated_at,
        resources=resources(row.cpu_milli, row.memory_mib, row.gpus, spot),
        region_name=row.region,
        estimated_price=price[0] if price and spot else None,
        purchase_type=row.purchase_type,
    )
