"""What exists in EC2, with its past: a listing may show any of it as it was a while ago."""

from dataclasses import dataclass, replace

ALIVE = frozenset({"pending", "running", "shutting-down"})
FORGET_MACHINE_MS = 3600 * 1000  # EC2 lists a terminated machine for about an hour
FORGET_REQUEST_MS = 4 * 3600 * 1000


@dataclass(frozen=True)
class Look:
    """A machine or a spot request as it was from `at` on."""

    at: int
    state: str
    code: str = ""  # of a request
    message: str = ""
    machine_id: str | None = None
    zone: str | None = None


@dataclass
class Thing:
    """`kind`: machine or request. `token`: the ClientToken it came of, "" for a stranger."""

    id: str
    kind: str
    region: str
    group_id: str
    instance_type: str
    purchase_type: str
    token: str
    created_at: int
    looks: list[Look]
    zone: str = ""
    valid_until: int | None = None
    request_id: str | None = None
    user_data: str = ""
    hidden_until: int = 0
    notice_at: int | None = None
    reachable_at: int = 0  # until then a call about it answers NotFound
    deadman: int | None = None
    account: str = ""
    booted: bool = False
    ours: bool = True  # False: made by a row that a restored backup does not have

    @property
    def now(self) -> Look:
        """The truth."""
        return self.looks[-1]

    @property
    def state(self) -> str:
        """The truth."""
        return self.now.state

    @property
    def exists(self) -> bool:
        """Whether it counts: a machine that is not terminated, a request that may be filled."""
        return self.state in ALIVE or self.state == "open"

    def change(self, at: int, **changes: str | None) -> None:
        """From now on it is so."""
        self.looks.append(replace(self.now, at=at, **changes))

    def as_of(self, moment: int) -> Look | None:
        """How it was; None before it existed and after EC2 forgot it."""
        looks = [look for look in self.looks if look.at <= moment]
        if not looks or moment < self.hidden_until:
            return None
        kept = FORGET_MACHINE_MS if self.kind == "machine" else FORGET_REQUEST_MS
        over = looks[-1].state not in (*ALIVE, "open", "active")
        return None if over and moment - looks[-1].at > kept else looks[-1]
