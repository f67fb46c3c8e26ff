"""EC2's listing against the books, both ways."""

import pytest

from tests.engine.views import NOW, ago
from webapp.engine.plan.seen import (
    Booked,
    Found,
    Missing,
    Over,
    Past,
    Seen,
    SeenMachine,
    SeenRequest,
    Stranger,
    TakenBack,
)
from webapp.engine.plan.sightings import compare
from webapp.engine.states import Instance

MARK = NOW + 600_000
NO_ONE = Past()


def row(status="requested", **changes):
    values = {"request_id": "sir-1", "called_at": ago(30), "valid_until": MARK}
    return Booked("row", Instance(status), "m5.xlarge", **{**values, **changes})


def ec2(state="running", name="i-1", request="sir-1", age=30, **changes):
    return SeenMachine(name, state, "m5.xlarge", "z-a", ago(age), request, **changes)


def asked(state="active", code="fulfilled", machine="i-1", name="sir-1", mark=MARK, age=30):
    return SeenRequest(name, state, code, "words", "m5.xlarge", "z-a", ago(age), mark, machine)


def seen(*things):
    machines = tuple(each for each in things if isinstance(each, SeenMachine))
    return Seen(machines, tuple(each for each in things if isinstance(each, SeenRequest)))


def kinds(rows, things, past=NO_ONE):
    return [type(each) for each in compare(list(rows), past, seen(*things), NOW)]


LIVE = {"machine_id": "i-1", "zone": "z-a"}


@pytest.mark.parametrize(
    "booked, things, expected",
    [
        # the way in
        (row(), [asked("open", "pending-evaluation", None)], []),
        (row(), [asked("open", "capacity-not-available", None)], [Found]),
        (
            row(holding="capacity-not-available"),
            [asked("open", "capacity-not-available", None)],
            [],
        ),
        (row(), [asked(), ec2()], [Found]),
        (row("running", **LIVE), [asked(), ec2()], []),
        (row("pending", request_id=None), [asked()], [Found, Missing]),
        # a young request or machine that is not listed yet is no news
        (row(), [], []),
        (row("pending", request_id=None), [], []),
        (row("running", **LIVE), [asked()], [Missing]),
        # the end, by EC2's word only
        (row("terminating", **LIVE), [asked("closed"), ec2("terminated")], [Over]),
        (row("terminating", **LIVE), [asked("closed"), ec2("shutting-down")], []),
        (row("running", **LIVE), [asked("closed"), ec2("terminated")], [Over]),
        (row(), [asked("closed", "bad-parameters", None)], [Over]),
        (row("terminating"), [asked("cancelled", "canceled-before-fulfillment", None)], [Over]),
        (row("terminating"), [asked("failed", "system-error", None)], [Over]),
        # cancelled, but filled: not over, its machine has to be ended
        (
            row("terminating"),
            [asked("cancelled", "request-canceled-and-instance-running"), ec2()],
            [Found],
        ),
        (
            row("terminating"),
            [asked("cancelled", "request-canceled-and-instance-running")],
            [Found, Missing],
        ),
        # open requests keep their slot, whatever we want
        (row("terminating"), [asked("open", "pending-evaluation", None)], []),
        # neither request nor machine is listed
        (row("terminating", request_id=None, called_at=None), [], [Over]),
        (row("terminating", request_id=None, called_at=ago(299)), [], []),
        (row("terminating", request_id=None, called_at=ago(300)), [], [Over]),
        (row("requested", request_id=None, called_at=ago(300)), [], []),
        # a machine is missing: two sources and a grace time
        (row("running", missing_since=ago(299), **LIVE), [asked("closed")], []),
        (row("running", missing_since=ago(300), **LIVE), [asked("closed")], [Over]),
        (row("running", missing_since=ago(300), heard=True, **LIVE), [asked("closed")], []),
        (row("running", missing_since=ago(300), **LIVE), [asked("active")], []),
        (row("running", missing_since=ago(300), **LIVE), [], [Over]),
        (row("running", missing_since=ago(10), **LIVE), [asked(), ec2()], [Missing]),
        # interruptions
        (
            row("running", **LIVE),
            [asked("closed", "instance-terminated-no-capacity"), ec2()],
            [TakenBack],
        ),
        (
            row("running", interrupted=True, **LIVE),
            [asked("closed", "instance-terminated-no-capacity"), ec2()],
            [],
        ),
        (row("running", **LIVE), [asked("active", "marked-for-termination"), ec2()], [TakenBack]),
        (row("running", **LIVE), [asked(), ec2("shutting-down")], [TakenBack]),
    ],
)
def test_a_row_of_ours(booked, things, expected):
    assert kinds([booked], things) == expected


def test_a_lost_answer_is_recognised_by_its_valid_until():
    lost = row("pending", request_id=None)
    (found,) = compare([lost], NO_ONE, seen(asked("open", "pending-evaluation", None)), NOW)
    assert (found.instance_id, found.request_id) == ("row", "sir-1")
    other = asked("open", "pending-evaluation", None, mark=MARK + 1000)
    assert kinds([lost], [other]) == []


def test_a_lost_answer_of_run_instances_is_recognised_by_its_client_token():
    lost = row("pending", request_id=None, valid_until=None)
    (found,) = compare([lost], NO_ONE, seen(ec2(request=None, client_token="row")), NOW)
    assert (found.machine_id, found.running) == ("i-1", True)


def test_a_request_of_another_row_is_never_taken():
    first, lost = row(), row("pending", request_id=None)
    lost = Booked("other", lost.status, "m5.xlarge", MARK, called_at=ago(30))
    assert kinds([first, lost], [asked("open", "pending-evaluation", None)]) == []


def test_awss_own_reason_is_kept_and_an_end_of_ours_is_not_called_a_reclaim():
    ours = ec2("terminated", reason="Client.UserInitiatedShutdown: User initiated shutdown")
    (over,) = compare([row("terminating", **LIVE)], NO_ONE, seen(asked("closed"), ours), NOW)
    assert over.aws_reason == "Client.UserInitiatedShutdown: User initiated shutdown"


@pytest.mark.parametrize(
    "thing, past, kind, ours",
    [
        (ec2(age=119), NO_ONE, None, None),
        (ec2(age=120), NO_ONE, "machine", False),
        (ec2("terminated", age=999), NO_ONE, None, None),
        (ec2(age=999), Past(frozenset({"i-1"})), "machine", True),
        (ec2(age=999, request=None, client_token="r"), Past(frozenset({"r"})), "machine", True),
        (asked("open", "x", None, age=119), NO_ONE, None, None),
        (asked("open", "x", None, age=120), NO_ONE, "request", False),
        (asked("open", "x", None, age=999), Past(marks=frozenset({MARK})), "request", True),
        (asked("cancelled", "x", None, age=999), NO_ONE, None, None),
    ],
)
def test_a_thing_that_is_not_in_the_books(thing, past, kind, ours):
    found = compare([], past, seen(thing), NOW)
    assert [(type(each), each.kind, each.ours) for each in found] == (
        [(Stranger, kind, ours)] if kind else []
    )
