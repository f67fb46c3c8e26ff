"""The amounts that pages show: an hour now, today, an hour at worst. Days are days of UTC."""

from typing import NamedTuple

from webapp.engine.money import HOUR, Amount, per_hour, spent, worst_case
from webapp.models.bill import billed, billed_runner
from webapp.models.catalogue import price_of
from webapp.models.limit import key_of, limits

_DAY = 24 * HOUR


class Bill(NamedTuple):
    """`hourly`: of all machines that are billed now; `today`: since midnight; `worst`: an hour
    of all limits that are switched on, used up. `machines`: how many are billed now."""

    hourly: Amount
    today: Amount
    worst: Amount
    machines: int


def bill_now(now: int) -> Bill:
    """The whole account, as far as this installation uses it."""
    midnight = now - now % _DAY
    machines = billed(midnight)
    most = [(each.maximum, price_of(key_of(each))[0]) for each in limits() if each.enabled]
    here = sum(each.until is None for each in machines)
    return Bill(per_hour(machines), spent(machines, midnight, now), worst_case(most), here)


def cost_of_runner(runner_id: str, now: int) -> Amount:
    """What its machine has cost until now; nothing before EC2 launched it."""
    machine = billed_runner(runner_id)
    return spent([machine], machine.since, now) if machine else Amount(0.0)
