"""What one decision looks at: frozen views of everything, as it was at one instant.

Times are epoch milliseconds, durations seconds, prices dollars per hour.
"""

from dataclasses import dataclass
from typing import NamedTuple

from webapp.engine.resources import Ask, Have
from webapp.engine.states import Instance, Runner

SPOT = "spot"
ON_DEMAND = "on-demand"


class Key(NamedTuple):
    """What a limit counts by."""

    region: str
    instance_type: str
    purchase_type: str

    def __str__(self) -> str:
        return f"{self.instance_type} ({self.purchase_type}, {self.region})"


@dataclass(frozen=True, slots=True)
class WaitingJob:
    """A submitted job; `waiting` is the sentence it shows now."""

    id: str
    ask: Ask
    waiting: str | None = None


@dataclass(frozen=True, slots=True)
class RunnerView:
    """A runner that is not gone; `jobs` is what it runs, `have` what it offers when empty."""

    id: str
    name: str
    status: Runner
    have: Have
    jobs: tuple[Ask, ...] = ()
    on_demand: bool = False
    idle_since: int | None = None
    status_since: int = 0


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why nothing is launched for a limit until `until`; `kind` is an error class."""

    kind: str
    message: str
    until: int


@dataclass(frozen=True, slots=True)
class LimitView:
    """A limit; `have` None: the catalogue does not know the type, `price` None: unknown."""

    id: int
    key: Key
    maximum: int
    have: Have | None
    enabled: bool = True
    price: float | None = None
    trouble: Trouble | None = None
    tripped: bool = False


@dataclass(frozen=True, slots=True)
class InstanceView:
    """A machine, or a request for one, that EC2 has not declared terminated.

    `job_id`: the work it was launched for. `booted`: its agent has called in. `holding`: EC2's
    word for why the request stays open, since `holding_since`. `trouble`: why the launch has to be
    repeated. `drain_cause`: why it drains. `interrupted`: EC2 takes it back.
    `wish`: what a person wants ("drain" or "now"), for the reason `wish_why`.
    """

    id: str
    key: Key
    status: Instance
    created_at: int
    have: Have
    runner: RunnerView | None = None
    job_id: str | None = None
    booted: bool = False
    booted_at: int | None = None
    has_machine: bool = False
    holding: str | None = None
    holding_since: int | None = None
    trouble: Trouble | None = None
    drain_cause: str | None = None
    interrupted: bool = False
    wish: str | None = None
    wish_why: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """The settings that decisions depend on. `lifetime_seconds` None: no maximum."""

    configured: bool = True
    enabled: bool = True
    idle_seconds: int = 300
    boot_seconds: int = 600
    lifetime_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything at `now`. Jobs are in the order of the queue."""

    now: int
    rules: Rules = Rules()
    jobs: tuple[WaitingJob, ...] = ()
    runners: tuple[RunnerView, ...] = ()
    instances: tuple[InstanceView, ...] = ()
    limits: tuple[LimitView, ...] = ()
