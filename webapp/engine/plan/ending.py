"""Which machines are no longer wanted, and how far they may be pushed now.

A machine with jobs is only ever drained, except when a person said "now". A machine is terminated
when its runner has stopped taking jobs and holds none, or when its agent is not there.
"""

from collections.abc import Iterator

from webapp.engine.limits import allowed, surplus
from webapp.engine.plan.actions import Action, Booted, Drain, Terminate, Undrain
from webapp.engine.snapshot import InstanceView, Key, RunnerView, Snapshot
from webapp.engine.states import Instance, Runner
from webapp.engine.words import duration

OPEN_PATIENCE = 20  # seconds that a request may stay open for lack of capacity
SILENT_PATIENCE = 180  # seconds that the agent of a machine may be lost or offline

_SETTLED = frozenset({Instance.TERMINATING, Instance.TERMINATED})
_PRICE = frozenset({"price-too-low"})


def endings(snapshot: Snapshot, used: set[str]) -> list[Action]:
    """Actions for machines; `used` are ids of instances that a waiting job is placed on."""
    over = _surplus(snapshot)
    actions: list[Action] = []
    for each in snapshot.instances:
        if each.status not in _SETTLED:
            actions += _ending(each, snapshot, over.get(each.id), used)
    return actions


def _ending(
    each: InstanceView, snapshot: Snapshot, over: str | None, used: set[str]
) -> Iterator[Action]:
    if each.wish == "now":
        yield Terminate(each.id, "now", each.wish_why)
    elif each.runner is None or each.runner.status == Runner.GONE:
        yield Terminate(each.id, "removed", "Its runner was removed.")
    elif each.runner.status == Runner.REQUESTED:
        yield from _absent(each, snapshot, over, used)
    else:
        if not each.booted:
            yield Booted(each.id, f"{each.runner.name} called in.")
        yield from _present(each, each.runner, snapshot, over, used)


def _absent(
    each: InstanceView, snapshot: Snapshot, over: str | None, used: set[str]
) -> Iterator[Action]:
    """Asked for, and its agent has not been heard."""
    now, rules = snapshot.now, snapshot.rules
    open_for = now - (each.holding_since if each.holding_since is not None else now)
    if each.wish or over:
        yield Terminate(each.id, "wish" if each.wish else "surplus", each.wish_why or over or "")
    elif each.interrupted:
        yield Terminate(each.id, "interruption", "EC2 takes it back before its agent called in.")
    elif now - each.created_at >= rules.boot_seconds * 1000:
        limit = duration(rules.boot_seconds)
        why = f"Its agent did not call in within {limit}: boot timeout."
        yield Terminate(each.id, "boot" if each.has_machine else "capacity", why)
    elif each.holding and not each.has_machine and open_for >= OPEN_PATIENCE * 1000:
        cause = "price" if each.holding in _PRICE else "capacity"
        why = f"EC2 had no machine for it within {OPEN_PATIENCE} s: {each.holding}."
        yield Terminate(each.id, cause, why)
    elif not each.has_machine and each.id not in used:
        yield Terminate(each.id, "unneeded", "No job is waiting for it any more.")


def _present(
    each: InstanceView, runner: RunnerView, snapshot: Snapshot, over: str | None, used: set[str]
) -> Iterator[Action]:
    if runner.status == Runner.LIVE:
        cause, why = _unwanted(each, runner, snapshot, over, used)
        if cause:
            yield Drain(each.id, cause, why)
        elif each.status == Instance.DRAINING:
            yield Undrain(each.id, "Its runner takes jobs again.")
    elif runner.status == Runner.DRAINING and not runner.jobs and each.id not in used:
        yield Terminate(each.id, each.drain_cause or "wish", "It is drained: no job is left on it.")
    elif runner.status == Runner.INTERRUPTED and not runner.jobs:
        why = "EC2 takes the machine back, and no job is left on it."
        yield Terminate(each.id, "interruption", why)
    elif runner.status in (Runner.LOST, Runner.OFFLINE):
        silent = snapshot.now - runner.status_since
        if silent >= SILENT_PATIENCE * 1000 and not runner.jobs:
            patience = duration(SILENT_PATIENCE)
            why = f"Its agent has been {runner.status} for {patience}."
            yield Terminate(each.id, "lost", why)


def _unwanted(
    each: InstanceView, runner: RunnerView, snapshot: Snapshot, over: str | None, used: set[str]
) -> tuple[str, str]:
    now, rules = snapshot.now, snapshot.rules
    if each.wish:
        return "wish", each.wish_why
    if over:
        return "surplus", over
    lived = now - (each.booted_at if each.booted_at is not None else now)
    if rules.lifetime_seconds is not None and lived >= rules.lifetime_seconds * 1000:
        return "lifetime", f"Our maximum lifetime of {duration(rules.lifetime_seconds)} is over."
    if runner.jobs or each.id in used or runner.idle_since is None:
        return "", ""
    if now - runner.idle_since < rules.idle_seconds * 1000:
        return "", ""
    if rules.idle_seconds == 0:
        return "idle", "Its last job is over."
    return "idle", f"It has been idle for {duration(rules.idle_seconds)}."


def _surplus(snapshot: Snapshot) -> dict[str, str]:
    """Instance id -> why there is one too many of its kind."""
    limits = {each.key: each for each in snapshot.limits}
    groups: dict[Key, list[InstanceView]] = {}
    for each in snapshot.instances:
        groups.setdefault(each.key, []).append(each)
    return {
        each.id: _why_over(key, snapshot)
        for key, group in groups.items()
        for each in surplus(group, allowed(limits.get(key), snapshot.rules))
    }


def _why_over(key: Key, snapshot: Snapshot) -> str:
    limit = next((each for each in snapshot.limits if each.key == key), None)
    if not snapshot.rules.enabled:
        return "On-demand runners were switched off."
    if limit is None:
        return f"The limit {key} was deleted."
    if not limit.enabled:
        return f"The limit {key} was switched off."
    return f"The limit {key} was lowered to {limit.maximum}."
