"""What is wrong with a runner, and what to do about it."""

from typing import Any, NamedTuple

from webapp.engine.states import Runner as Status
from webapp.models.runner import ON_DEMAND, SELF_HOSTED
from webapp.version import VERSION

SKEW_MS = 60_000
LOW_DISK_MIB = 2048
_UPGRADE = (
    "Its agent is {theirs}, this server is {ours}. Run the first two lines of Connect a server "
    "on that machine again, then restart dstack-runner start."
)
_LOST = (
    "Nothing was heard of it for a while. Look whether the machine is on, reaches this server, "
    "and dstack-runner start runs there."
)
_DRAINED = "It was drained: when it comes back it takes no jobs until somebody presses Resume."
_OFFLINE = "Its agent is not running. Start it on that machine with: dstack-runner start"


class Mark(NamedTuple):
    """`tone` as of a note; a short word for the list, a sentence for the runner's own page."""

    tone: str
    word: str
    sentence: str


def marks(runner: Any) -> list[Mark]:
    """All that is wrong with this row."""
    found = (_absence(runner), _drain(runner), _version(runner), _clock(runner), _disk(runner))
    return [mark for mark in found if mark is not None]


def _absence(runner: Any) -> Mark | None:
    if runner.kind != SELF_HOSTED:
        return None
    if runner.status == Status.LOST:
        return Mark("bad", "not heard", _LOST)
    if runner.status == Status.OFFLINE:
        return Mark("warn", "not started", _OFFLINE)
    return None


def _drain(runner: Any) -> Mark | None:
    if runner.comes_back_as != Status.DRAINING or runner.kind != SELF_HOSTED:
        return None
    return Mark("info", "drained", _DRAINED)


def _version(runner: Any) -> Mark | None:
    theirs = runner.agent_version
    if theirs is None or theirs == VERSION or runner.kind == ON_DEMAND:
        return None
    return Mark("warn", "outdated", _UPGRADE.format(theirs=theirs, ours=VERSION))


def _clock(runner: Any) -> Mark | None:
    skew = runner.clock_skew_ms or 0
    if abs(skew) <= SKEW_MS:
        return None
    way = "ahead of" if skew > 0 else "behind"
    sentence = f"Its clock is {abs(skew) // 1000} s {way} this server's. Turn on time sync there."
    return Mark("warn", "wrong clock", sentence)


def _disk(runner: Any) -> Mark | None:
    free = runner.disk_free_mib
    if free is None or free >= LOW_DISK_MIB:
        return None
    sentence = f"Only {free} MiB of its disk are free. Jobs may fail: make room on that machine."
    return Mark("warn", "low disk", sentence)
