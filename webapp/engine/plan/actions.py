"""What may be decided. Plain data; each action carries a sentence that a page can show."""

from dataclasses import dataclass

from webapp.engine.snapshot import Key


@dataclass(frozen=True, slots=True)
class Launch:
    """Reserve a slot of this limit for this job."""

    job_id: str
    limit_id: int
    key: Key
    container: bool
    why: str


@dataclass(frozen=True, slots=True)
class Hold:
    """The job waits; the sentence says why, and what happens next."""

    job_id: str
    why: str


@dataclass(frozen=True, slots=True)
class Drain:
    """No more jobs for this machine. `cause`: idle, surplus, wish or lifetime."""

    instance_id: str
    cause: str
    why: str


@dataclass(frozen=True, slots=True)
class Undrain:
    """A job came while an idle machine was draining: it stays."""

    instance_id: str
    why: str


@dataclass(frozen=True, slots=True)
class Terminate:
    """End this machine, or the request for it.

    `cause`: a cause of Drain, or boot, capacity, price, unneeded, lost, interruption, removed,
    now. `now` is the only one that ends running jobs.
    """

    instance_id: str
    cause: str
    why: str


@dataclass(frozen=True, slots=True)
class Booted:
    """The agent of this machine has called in."""

    instance_id: str
    why: str


Action = Launch | Hold | Drain | Undrain | Terminate | Booted
