"""Why a job waits, in plain sentences, and what would have to change."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from webapp.engine.limits import headroom, taken
from webapp.engine.resources import Ask, Have, cpus, fits
from webapp.engine.snapshot import Key, LimitView, RunnerView, Snapshot
from webapp.engine.states import HEARD_RUNNER, Runner
from webapp.engine.words import clock_time, count

_EXPECTED = frozenset({Runner.REQUESTED, Runner.TERMINATING, Runner.GONE})


@dataclass(slots=True)
class Explainer:
    """Answers for the jobs of one snapshot that have no place."""

    snapshot: Snapshot
    slots: Counter[Key] = field(init=False)

    def __post_init__(self) -> None:
        self.slots = taken(self.snapshot.instances)

    def sentence(self, ask: Ask) -> str:
        """Why nothing takes a job that asks this."""
        runners = [each for each in self.snapshot.runners if each.status not in _EXPECTED]
        limits = self.snapshot.limits
        if not limits:
            return _own(ask, runners)
        about_own = _own(ask, runners) if runners else ""
        return f"{about_own} {self._rented(ask)}".strip()

    def _rented(self, ask: Ask) -> str:
        rules = self.snapshot.rules
        if not rules.configured:
            return "On-demand runners need AWS keys, and there are none."
        if not rules.enabled:
            return "On-demand runners are switched off."
        known = [each for each in self.snapshot.limits if each.have is not None]
        able = [each for each in known if fits(ask, _fresh(each))]
        if not able:
            return _nobody_has(ask, [_fresh(each) for each in known], "limit")
        return self._closed(able)

    def _closed(self, able: list[LimitView]) -> str:
        if len(able) > 3:
            rest = count(len(able) - 2, "more limit")
            return " ".join(map(self._why_closed, able[:2])) + f" {rest} cannot help either."
        return " ".join(map(self._why_closed, able))

    def _why_closed(self, limit: LimitView) -> str:
        if not limit.enabled:
            return f"The limit {limit.key} is switched off."
        if limit.tripped:
            return f"The limit {limit.key} tripped: its machines never booted. Reset it."
        trouble = limit.trouble
        if trouble and trouble.until > self.snapshot.now:
            when = clock_time(trouble.until)
            return f"{limit.key}: {trouble.message.rstrip('.')}; next try at {when}."
        if headroom(limit.maximum, self.slots[limit.key]) == 0:
            return f"The limit of {limit.maximum} × {limit.key} is reached."
        return f"{limit.key} is tried next."


def _fresh(limit: LimitView) -> Have:
    # An engine for containers is installed on a fresh machine when its job needs one.
    return replace(limit.have or Have(0, 0), containers=True)


def _own(ask: Ask, runners: Sequence[RunnerView]) -> str:
    if not runners:
        return "No runner is connected yet."
    heard = [each for each in runners if each.status in HEARD_RUNNER]
    able = [each for each in heard if fits(ask, each.have)]
    live = [each for each in able if each.status == Runner.LIVE]
    if not heard:
        return _all(runners, "is offline", "are offline", "runner")
    if live:
        return _all(live, "is busy", "are busy", "runner that could take it")
    if able:
        return _all(able, "takes no new jobs", "take no new jobs", "runner that could take it")
    return _nobody_has(ask, [each.have for each in heard], "runner")


def _all(runners: Sequence[RunnerView], one: str, many: str, noun: str) -> str:
    if len(runners) == 1:
        return f"The only {noun} {one} ({runners[0].name})."
    head, _, tail = noun.partition(" ")
    return f"All {len(runners)} {head}s {tail + ' ' if tail else ''}{many}."


def _nobody_has(ask: Ask, haves: Sequence[Have], noun: str) -> str:
    """The first thing asked that none of them has; all of it together otherwise."""
    if not haves:
        return f"Nothing is known of the machines of any {noun} yet."
    for size in (_cpu, _memory, _gpus):
        text = size(ask, haves, noun)
        if text:
            return text
    missing = _missing_quality(ask, haves)
    return f"No {noun} {missing}." if missing else f"No {noun} has {_together(ask)} together."


def _cpu(ask: Ask, haves: Sequence[Have], noun: str) -> str:
    most = max(each.cpu_milli for each in haves)
    if ask.cpu_milli <= most:
        return ""
    return f"No {noun} has {cpus(ask.cpu_milli)} CPU; the biggest has {cpus(most)}."


def _memory(ask: Ask, haves: Sequence[Have], noun: str) -> str:
    most = max(each.memory_mib for each in haves)
    if ask.memory_mib <= most:
        return ""
    return f"No {noun} has {ask.memory_mib} MiB of memory; the biggest has {most} MiB."


def _gpus(ask: Ask, haves: Sequence[Have], noun: str) -> str:
    most = max(_suitable_gpus(ask, each) for each in haves)
    if ask.gpu_count <= most:
        return ""
    what = " ".join(["GPU", *([ask.gpu_name] if ask.gpu_name else [])])
    if ask.gpu_memory_mib:
        what += f" with {ask.gpu_memory_mib} MiB"
    rest = f"the biggest has {most}" if most else "none has any"
    return f"No {noun} has {ask.gpu_count} {what}; {rest}."


def _suitable_gpus(ask: Ask, have: Have) -> int:
    alone = replace(have, cpu_milli=ask.cpu_milli, memory_mib=ask.memory_mib, slots=None)
    plain = Ask(cpu_milli=ask.cpu_milli, gpu_name=ask.gpu_name, gpu_memory_mib=ask.gpu_memory_mib)
    enough = range(len(have.gpus), 0, -1)
    return next((n for n in enough if fits(replace(plain, gpu_count=n), alone)), 0)


def _missing_quality(ask: Ask, haves: Sequence[Have]) -> str:
    unlabelled = sorted(ask.labels - frozenset().union(*(each.labels for each in haves)))
    tests: list[tuple[Callable[[Have], bool], str]] = [
        (lambda each: not unlabelled, "has the label " + ", ".join(unlabelled)),
        (lambda each: each.containers or not ask.container, "has docker or podman"),
        (
            lambda each: not each.interruptible or ask.interruptible is not False,
            "has machines that are not interruptible",
        ),
    ]
    return next((words for test, words in tests if not any(map(test, haves))), "")


def _together(ask: Ask) -> str:
    parts = [f"{cpus(ask.cpu_milli)} CPU"]
    parts += [f"{ask.memory_mib} MiB of memory"] * bool(ask.memory_mib)
    parts += [f"{ask.gpu_count} GPU {ask.gpu_name or ''}".strip()] * bool(ask.gpu_count)
    parts += [f"the label {label}" for label in sorted(ask.labels)]
    parts += ["docker or podman"] * ask.container
    return ", ".join(parts)
