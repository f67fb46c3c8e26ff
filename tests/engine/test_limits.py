"""The arithmetic of limits."""

import pytest

from tests.engine.views import KEY, asked, limit, machine, rented
from webapp.engine.limits import allowed, headroom, surplus, taken
from webapp.engine.snapshot import Rules
from webapp.engine.states import Instance


@pytest.mark.parametrize(
    "maximum, statuses, room, too_many",
    [
        (3, [], 3, 0),
        (3, ["pending", "requested", "running"], 0, 0),
        (3, ["running", "running", "terminating"], 0, 0),
        (2, ["running", "running", "running"], 0, 1),
        (2, ["running", "running", "draining"], 0, 0),
        (1, ["terminated", "terminated"], 1, 0),
        (0, ["pending", "running"], 0, 2),
    ],
)
def test_a_slot_is_taken_until_ec2_says_terminated(maximum, statuses, room, too_many):
    machines = [machine(f"i{n}", None, status=Instance(s)) for n, s in enumerate(statuses)]
    assert headroom(maximum, taken(machines)[KEY]) == room
    present = [each for each in machines if each.status != Instance.TERMINATED]
    assert len(surplus(present, maximum)) == too_many


def test_what_has_not_booted_goes_first_then_the_idle_then_the_youngest_busy():
    old_busy = machine("old", rented("a", busy=1), created_at=1)
    young_busy = machine("young", rented("b", busy=1), created_at=2)
    idle = machine("idle", rented("c", idle=1))
    coming = asked("coming")
    order = surplus([old_busy, young_busy, idle, coming], 0)
    assert [each.id for each in order] == ["coming", "idle", "young", "old"]


@pytest.mark.parametrize(
    "which, rules, most",
    [
        (limit(5), Rules(), 5),
        (limit(5, enabled=False), Rules(), 0),
        (limit(5), Rules(enabled=False), 0),
        (None, Rules(), 0),
    ],
)
def test_deleted_and_switched_off_limits_allow_nothing(which, rules, most):
    assert allowed(which, rules) == most
