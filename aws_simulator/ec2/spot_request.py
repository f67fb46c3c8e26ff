"""One spot request: its states, and EC2's sentence for each status code.

Source of codes: "Spot request status" in the EC2 user guide.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aws_simulator.ec2.machine import Launch, tally_names

if TYPE_CHECKING:
    from aws_simulator.agenda import Entry

MESSAGES = {
    "pending-evaluation": "Your Spot request has been submitted for review, and is pending "
    "evaluation.",
    "capacity-not-available": "There is no Spot capacity available that matches your request.",
    "price-too-low": "Your Spot request price is lower than the minimum required Spot request "
    "fulfillment price.",
    "fulfilled": "Your Spot request is fulfilled.",
    "schedule-expired": "Your Spot request expired before it could be fulfilled.",
    "canceled-before-fulfillment": "Your Spot request was canceled before it was fulfilled.",
    "request-canceled-and-instance-running": "Your Spot request is canceled, but your instance is "
    "still running.",
    "instance-terminated-by-user": "Your Spot instance was terminated by a user.",
    "instance-terminated-no-capacity": "Your Spot instance was terminated because there is no "
    "Spot capacity available.",
    "system-error": "There was an unexpected system error.",
}


@dataclass(eq=False)
class SpotRequest:
    id: str
    number: int
    launch: Launch
    zones: tuple[str, ...]  # where it may be filled, in order of preference
    specification: dict[str, Any]
    created: float
    updated: float
    valid_until: float | None
    price: float
    kind: str = "one-time"
    launch_group: str | None = None
    state: str = "open"
    code: str = "pending-evaluation"
    may_fill: bool = True  # a machine may still come out of it; cancelling can be too late
    machine_id: str | None = None
    launched_zone: str | None = None
    timers: list[Entry] = field(default_factory=list)

    @property
    def tally_names(self) -> list[str]:
        return tally_names(self.launch)

    @property
    def message(self) -> str:
        return MESSAGES[self.code]
