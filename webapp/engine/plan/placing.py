"""Where each waiting job would run: on what is there, on what is coming, on what may be launched.

The order: live self-hosted runners (they are paid for), live on-demand ones, draining ones that
can be kept, machines already asked for, then the cheapest limit with headroom. Machines only lose
room during one placing, so for equal asks the search goes on where the last one ended.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from webapp.engine.limits import allowed, headroom, surplus, taken
from webapp.engine.plan.actions import Action, Hold, Launch, Undrain
from webapp.engine.plan.ending import OPEN_PATIENCE
from webapp.engine.plan.explaining import Explainer
from webapp.engine.resources import Ask, Have, fits, left, take
from webapp.engine.snapshot import SPOT, InstanceView, Key, LimitView, Snapshot, WaitingJob
from webapp.engine.states import Instance, Runner
from webapp.engine.words import clock_time


@dataclass(slots=True)
class Place:
    """A machine with room; `undrains`: it has to be kept first."""

    id: str
    left: Have
    sentence: str
    undrains: bool = False


@dataclass(slots=True)
class Placement:
    """What to do, and the ids of runners and instances that have work to come."""

    actions: list[Action] = field(default_factory=list)
    used: set[str] = field(default_factory=set)


def place(snapshot: Snapshot) -> Placement:
    """Give every waiting job a place or a sentence."""
    return _Placing(snapshot).run() if snapshot.jobs else Placement()


@dataclass(slots=True)
class _Kind:
    """How far the search for equal asks has come; `refused`: the sentence when it is over."""

    start: int = 0
    refused: str = ""


class _Placing:
    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.result = Placement()
        self.places = list(_places(snapshot))
        self.bound = _bound(snapshot)
        self.shop = _Shop(snapshot)
        self.explainer = Explainer(snapshot)
        self.kinds: dict[Ask, _Kind] = {}
        # Equal asks are usually one object (tasks/gather.py): hashing each job's is the slow part.
        self.same: dict[int, _Kind] = {}

    def run(self) -> Placement:
        by_id = {each.id: each for each in self.places}
        placed: dict[str, str] = {}
        for job in self.snapshot.jobs if self.bound else ():
            own = by_id.get(self.bound.get(job.id, ""))
            if own and fits(job.ask, own.left):  # bound work is counted once, where it belongs
                placed[job.id] = self._take(own, job.ask)
        actions, same = self.result.actions, self.same
        for job in self.snapshot.jobs:
            kind = same.get(id(job.ask)) or self._kind(job.ask)
            sentence = placed.get(job.id) or kind.refused or self._place(job, kind)
            if sentence != job.waiting:
                actions.append(Hold(job.id, sentence))
        return self.result

    def _kind(self, ask: Ask) -> _Kind:
        kind = self.kinds.setdefault(ask, _Kind())
        self.same[id(ask)] = kind
        return kind

    def _place(self, job: WaitingJob, kind: _Kind) -> str:
        ask = job.ask
        place = self._room(ask, kind)
        if place:
            return self._take(place, ask)
        limit = self.shop.buy(ask)
        if limit:
            return self._launch(job, limit)
        kind.refused = self.explainer.sentence(ask)
        return kind.refused

    def _room(self, ask: Ask, kind: _Kind) -> Place | None:
        for index in range(kind.start, len(self.places)):
            place = self.places[index]
            if place.left.cpu_milli >= ask.cpu_milli and fits(ask, place.left):
                kind.start = index
                return place
        kind.start = len(self.places)
        return None

    def _take(self, place: Place, ask: Ask) -> str:
        place.left = take(place.left, ask)
        self.result.used.add(place.id)
        if place.undrains:
            place.undrains = False
            self.result.actions.append(Undrain(place.id, "A job came that it can take."))
        return place.sentence

    def _launch(self, job: WaitingJob, limit: LimitView) -> str:
        have = replace(_known(limit), containers=job.ask.container)
        why = f"For job {job.id}: {limit.key} is the cheapest that fits."
        self.result.actions.append(Launch(job.id, limit.id, limit.key, job.ask.container, why))
        sentence = f"A machine is being requested: {limit.key}."
        self.places.append(Place(f"new:{job.id}", take(have, job.ask), sentence))
        return sentence


class _Shop:
    """What can still be launched."""

    def __init__(self, snapshot: Snapshot) -> None:
        slots = taken(snapshot.instances)
        usable = [each for each in snapshot.limits if is_open(each, snapshot)]
        self.limits = sorted(usable, key=_price)
        self.room = Counter({x.key: headroom(x.maximum, slots[x.key]) for x in usable})
        self.fitting: dict[Ask, list[LimitView]] = {}

    def buy(self, ask: Ask) -> LimitView | None:
        """The cheapest limit that fits and has headroom; its headroom is one less then."""
        if ask not in self.fitting:
            self.fitting[ask] = [each for each in self.limits if could_take(each, ask)]
        for limit in self.fitting[ask]:
            if self.room[limit.key] > 0:
                self.room[limit.key] -= 1
                return limit
        return None


def is_open(limit: LimitView, snapshot: Snapshot) -> bool:
    """Whether a machine of this limit may be asked for at all, headroom aside."""
    rules, trouble = snapshot.rules, limit.trouble
    backs_off = trouble is not None and trouble.until > snapshot.now
    on = rules.configured and rules.enabled and limit.enabled
    return on and not limit.tripped and not backs_off


def could_take(limit: LimitView, ask: Ask) -> bool:
    """Whether a fresh machine of this limit could run the job; an engine can be installed."""
    return limit.have is not None and fits(ask, replace(limit.have, containers=True))


def _known(limit: LimitView) -> Have:
    if limit.have is None:
        raise ValueError(f"nothing is known of {limit.key}")
    return limit.have


def _price(limit: LimitView) -> tuple[bool, bool, float, Key]:
    """Spot first, then by price, the unknown ones last."""
    return (
        limit.key.purchase_type != SPOT,
        limit.price is None,
        limit.price or 0.0,
        limit.key,
    )


def _places(snapshot: Snapshot) -> Iterator[Place]:
    live = [each for each in snapshot.runners if each.status == Runner.LIVE]
    owner = {each.runner.id: each.id for each in snapshot.instances if each.runner}
    for on_demand in (False, True):
        for runner in live:
            if runner.on_demand == on_demand:
                room = left(runner.have, runner.jobs)
                sentence = f"Runner {runner.name} has room and is about to take it."
                yield Place(owner.get(runner.id, runner.id), room, sentence)
    yield from _kept(snapshot)
    for each in coming(snapshot):
        yield Place(each.id, each.have, _coming(each))


def _kept(snapshot: Snapshot) -> Iterator[Place]:
    """Machines that drain only because they were idle, within what their limit allows."""
    limits = {each.key: each for each in snapshot.limits}
    spare = Counter({key: allowed(limits.get(key), snapshot.rules) for key in limits})
    spare.subtract(x.key for x in snapshot.instances if x.status in _STAYING)
    for each in snapshot.instances:
        idle = each.status == Instance.DRAINING and each.drain_cause == "idle" and not each.wish
        runner = each.runner
        if idle and runner and runner.status == Runner.DRAINING and spare[each.key] > 0:
            spare[each.key] -= 1
            sentence = f"Runner {runner.name} has room and is about to take it."
            yield Place(each.id, left(runner.have, runner.jobs), sentence, undrains=True)


_STAYING = frozenset({Instance.PENDING, Instance.REQUESTED, Instance.RUNNING})


def coming(snapshot: Snapshot) -> list[InstanceView]:
    """Machines that were asked for and have not called in, without those that have to go."""
    limits = {each.key: each for each in snapshot.limits}
    keys: dict[Key, list[InstanceView]] = {}
    for each in snapshot.instances:
        keys.setdefault(each.key, []).append(each)
    going = {
        each.id
        for key, group in keys.items()
        for each in surplus(group, allowed(limits.get(key), snapshot.rules))
    }
    return [
        each
        for each in snapshot.instances
        if each.status in _STAYING
        and not (each.booted or each.interrupted or each.wish or each.id in going)
        and not _called_in(each)
    ]


def _called_in(each: InstanceView) -> bool:
    return each.runner is not None and each.runner.status != Runner.REQUESTED


def _coming(each: InstanceView) -> str:
    name = each.runner.name if each.runner else "a runner"
    if each.trouble:
        when, message = clock_time(each.trouble.until), each.trouble.message.rstrip(".")
        return f"Its machine {name}, {each.key}, is being requested: {message}; repeated at {when}."
    if each.has_machine:
        return f"Its machine {name}, {each.key}, is starting."
    if each.holding and each.holding_since is not None:
        until = clock_time(each.holding_since + OPEN_PATIENCE * 1000)
        return (
            f"Its machine {name}, {each.key}, has been requested, and EC2 has none to give yet "
            f"({each.holding}); the request is taken back at {until}."
        )
    return f"Its machine {name}, {each.key}, has been requested."


def _bound(snapshot: Snapshot) -> dict[str, str]:
    """Job id -> the machine that was launched for it."""
    return {each.job_id: each.id for each in coming(snapshot) if each.job_id}
