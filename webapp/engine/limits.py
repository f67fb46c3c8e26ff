"""The arithmetic of limits: what may still be launched, and what is too much.

A slot is taken from the moment a row exists until EC2 has said that its machine is terminated:

    maximum  pending  requested  running  draining  terminating   headroom  surplus
          3        0          0        0         0            0          3        0
          3        1          1        1         0            0          0        0
          3        0          0        2         0            1          0        0
          2        0          0        3         0            0          0        1
          2        0          0        2         1            0          0        0
"""

from collections import Counter
from collections.abc import Iterable

from webapp.engine.snapshot import InstanceView, Key, LimitView, Rules
from webapp.engine.states import Instance

LEAVING = frozenset({Instance.DRAINING, Instance.TERMINATING})


def taken(instances: Iterable[InstanceView]) -> Counter[Key]:
    """How many slots of each key are taken."""
    return Counter(each.key for each in instances if each.status != Instance.TERMINATED)


def headroom(maximum: int, slots_taken: int) -> int:
    """How many more machines may be asked for."""
    return max(0, maximum - slots_taken)


def allowed(limit: LimitView | None, rules: Rules) -> int:
    """How many machines of a key are wanted at most; zero when anything is switched off."""
    if limit is None or not limit.enabled or not rules.enabled:
        return 0
    return limit.maximum


def surplus(instances: Iterable[InstanceView], most: int) -> list[InstanceView]:
    """Which machines of one key have to go so that `most` stay, the least loss first."""
    staying = [each for each in instances if each.status not in LEAVING]
    too_many = max(0, len(staying) - most)
    return sorted(staying, key=_loss)[:too_many]


def _loss(each: InstanceView) -> tuple[bool, int, int, str]:
    jobs = len(each.runner.jobs) if each.runner else 0
    return (each.booted, jobs, -each.created_at, each.id)
