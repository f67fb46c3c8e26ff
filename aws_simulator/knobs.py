"""What can be turned while the simulator runs, and what each knob accepts."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

#: What the product's documentation asks for, with the one unknown action corrected.
MINIMAL_ACTIONS = [
    "ec2:Describe*",
    "ec2:RequestSpotInstances",
    "ec2:TerminateInstances",
    "ec2:CancelSpotInstanceRequests",
    "ec2:CreateSecurityGroup",
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:AuthorizeSecurityGroupEgress",
]
#: Regions that AWS switches on only when the account asks for them (a few, as examples).
NOT_OPTED_IN = [
    "af-south-1",
    "ap-east-1",
    "ap-south-2",
    "ap-southeast-4",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "me-south-1",
]


@dataclass
class Knobs:
    boot_seconds: float = 1.0  # pending -> running, real seconds
    stop_seconds: float = 1.0  # shutting-down -> terminated, real seconds
    evaluation_seconds: float = 0.0  # pending-evaluation -> decided, real seconds
    shutdown_timescale: float = 0.0  # of `shutdown -h +N` inside; 0: the simulator's timescale
    visible_delay: float = 0.0  # younger instances and requests are hidden, real seconds
    group_visible_delay: float = 0.0  # the same for security groups
    boot_user_data: bool = True  # False: machines are entries only, no process starts
    boots_without_user_data: int = 0  # the next n boots never run it; -1: all
    boots_that_exit: int = 0  # the next n boots end at once with status 1; -1: all
    console_limit: int = 1_000_000  # bytes kept of what a machine prints
    capacity: dict[str, int] = field(default_factory=dict)
    spot_vcpu_quota: dict[str, int] = field(default_factory=dict)
    on_demand_vcpu_quota: dict[str, int] = field(default_factory=dict)
    cancel_races: int = 0  # the next n cancels of an open request come too late
    cancel_race_seconds: float = 0.0  # and the machine shows up this much later
    regions_without_default_vpc: list[str] = field(default_factory=list)
    regions_not_opted_in: list[str] = field(default_factory=lambda: list(NOT_OPTED_IN))
    enforce_iam: bool = False
    iam_actions: list[str] = field(default_factory=lambda: list(MINIMAL_ACTIONS))
    revoked_keys: list[str] = field(default_factory=list)
    service_linked_role: bool = True

    def update(self, changes: dict[str, Any]) -> None:
        """All or nothing; raises `ValueError` that names the knob and what it takes."""
        checked = {name: _checked(name, value, self) for name, value in changes.items()}
        for name, value in checked.items():
            setattr(self, name, value)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def take(self, name: str) -> bool:
        """Use up one of a counted knob; -1 never runs out."""
        left = getattr(self, name)
        if left > 0:
            setattr(self, name, left - 1)
        return bool(left)


def _checked(name: str, value: Any, knobs: Knobs) -> Any:
    if name not in knobs.__dataclass_fields__:
        known = ", ".join(sorted(knobs.__dataclass_fields__))
        raise ValueError(f"There is no knob {name!r}. Known: {known}.")
    expected, accepts = _KINDS[knobs.__dataclass_fields__[name].type]
    if not accepts(value):
        raise ValueError(f"The knob {name!r} takes {expected}, not {value!r}.")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= -1


def _is_counts(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(key, str) and _is_count(number) and number >= 0 for key, number in value.items()
    )


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


_KINDS: dict[Any, tuple[str, Any]] = {
    "float": ("a number, 0 or more", _is_number),
    "int": ("a whole number, -1 or more", _is_count),
    "bool": ("true or false", lambda value: isinstance(value, bool)),
    "dict[str, int]": ("an object of names and whole numbers", _is_counts),
    "list[str]": ("a list of words", _is_words),
}
