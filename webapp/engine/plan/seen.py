"""What EC2 lists, what the books say, and what may differ between them: plain data."""

from dataclasses import dataclass

from webapp.engine.states import Instance


@dataclass(frozen=True, slots=True)
class SeenMachine:
    """A machine as EC2 lists it; times are epoch milliseconds."""

    id: str
    state: str
    instance_type: str
    zone: str
    launched_at: int
    request_id: str | None = None
    client_token: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """A spot request as EC2 lists it."""

    id: str
    state: str
    status_code: str
    message: str
    instance_type: str
    zone: str | None
    created_at: int
    valid_until: int | None = None
    machine_id: str | None = None


@dataclass(frozen=True, slots=True)
class Booked:
    """A row of ours. `called_at`: the last call that could have made it; None: there was none.

    `missing_since`: EC2 has not listed its machine since. `heard`: its agent speaks to us.
    """

    id: str
    status: Instance
    instance_type: str
    valid_until: int | None = None
    request_id: str | None = None
    machine_id: str | None = None
    called_at: int | None = None
    missing_since: int | None = None
    holding: str | None = None
    zone: str | None = None
    heard: bool = False
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Facts for a row: ids, zone, what keeps its request open."""

    instance_id: str
    request_id: str | None
    machine_id: str | None
    zone: str | None
    holding: str | None
    running: bool
    why: str


@dataclass(frozen=True, slots=True)
class Over:
    """EC2 says that nothing of this row exists any more, and nothing can come of it.
    `interrupted`: because EC2 took it back."""

    instance_id: str
    why: str
    aws_reason: str
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class TakenBack:
    """EC2 takes the machine back; it runs on for up to two minutes."""

    instance_id: str
    why: str


@dataclass(frozen=True, slots=True)
class Missing:
    """EC2 does not list the machine; `since` None: it does again."""

    instance_id: str
    since: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Stranger:
    """Something in our security group that is not in the books. `kind`: machine or request.

    `ours`: it came of a row that has been closed, so nobody needs to be asked before it is ended.
    """

    id: str
    kind: str
    instance_type: str
    state: str
    since: int
    ours: bool
    why: str


Sighting = Found | Over | TakenBack | Missing | Stranger


@dataclass(frozen=True, slots=True)
class Seen:
    """One listing of one region."""

    machines: tuple[SeenMachine, ...] = ()
    requests: tuple[SeenRequest, ...] = ()


@dataclass(frozen=True, slots=True)
class Past:
    """Rows that are terminated: their own and their EC2 ids, and their marks (ValidUntil)."""

    ids: frozenset[str | None] = frozenset()
    marks: frozenset[int | None] = frozenset()
