"""The exact sentence of every reason why a job waits."""

import pytest

from tests.engine.views import (
    BIG_KEY,
    GPU_HAVE,
    KEY,
    NOW,
    SMALL,
    ago,
    asked,
    job,
    limit,
    machine,
    own,
    rented,
)
from webapp.engine.plan import plan
from webapp.engine.plan.actions import Hold
from webapp.engine.plan.ending import OPEN_PATIENCE
from webapp.engine.resources import Gpu
from webapp.engine.snapshot import Rules, Snapshot, Trouble
from webapp.engine.states import Instance, Runner

LATER = NOW + 65_000  # 16:01:05 UTC
NONE_YET = "No runner is connected yet."


def why(waiting, runners=(), limits=(), instances=(), rules=None):
    both = tuple(runners) + tuple(each.runner for each in instances if each.runner)
    snapshot = Snapshot(NOW, rules or Rules(), (waiting,), both, tuple(instances), tuple(limits))
    (hold,) = [each for each in plan(snapshot) if isinstance(each, Hold)]
    return hold.why


@pytest.mark.parametrize(
    "waiting, runners, sentence",
    [
        (job("a"), [], NONE_YET),
        (job("a"), [own("box")], "Runner box has room and is about to take it."),
        (job("a"), [own("box", 4, 4)], "The only runner that could take it is busy (box)."),
        (
            job("a"),
            [own("one", 4, 4), own("two", 4, 4)],
            "All 2 runners that could take it are busy.",
        ),
        (
            job("a"),
            [own("box", status=Runner.DRAINING)],
            "The only runner that could take it takes no new jobs (box).",
        ),
        (
            job("a"),
            [own("one", status=Runner.DRAINING), own("two", status=Runner.INTERRUPTED)],
            "All 2 runners that could take it take no new jobs.",
        ),
        (job("a"), [own("box", status=Runner.OFFLINE)], "The only runner is offline (box)."),
        (
            job("a"),
            [own("one", status=Runner.LOST), own("two", status=Runner.OFFLINE)],
            "All 2 runners are offline.",
        ),
        (job("a", 8), [own("box"), own("b", 2)], "No runner has 8 CPU; the biggest has 4."),
        (
            job("a", memory_mib=64000),
            [own("box")],
            "No runner has 64000 MiB of memory; the biggest has 32000 MiB.",
        ),
        (
            job("a", gpu_count=4),
            [own("box", gpus=(Gpu("V100", 16384),))],
            "No runner has 4 GPU; the biggest has 1.",
        ),
        (job("a", gpu_count=1), [own("box")], "No runner has 1 GPU; none has any."),
        (
            job("a", gpu_count=1, gpu_name="A100", gpu_memory_mib=40000),
            [own("box", gpus=(Gpu("V100", 16384),))],
            "No runner has 1 GPU A100 with 40000 MiB; none has any.",
        ),
        (
            job("a", labels=frozenset({"fast"})),
            [own("box")],
            "No runner has the label fast.",
        ),
        (
            job("a", container=True),
            [own("box", containers=False)],
            "No runner has docker or podman.",
        ),
        (
            job("a", 8, memory_mib=30000),
            [own("wide", 16), own("b", 2)],
            "Runner wide has room and is about to take it.",
        ),
        (
            job("a", 4, gpu_count=1),
            [own("cpus", 8), own("gpu", 2, gpus=(Gpu("T4", 16000),))],
            "No runner has 4 CPU, 1 GPU together.",
        ),
    ],
)
def test_with_own_runners_only(waiting, runners, sentence):
    assert why(waiting, runners) == sentence


TROUBLE = Trouble("quota", "Your account's quota of vCPUs is used up (VcpuLimitExceeded).", LATER)
FULL = machine("i", rented("r", busy=4))


@pytest.mark.parametrize(
    "limits, instances, rules, sentence",
    [
        ([limit()], [], None, f"A machine is being requested: {KEY}."),
        ([limit(0)], [], None, f"The limit of 0 × {KEY} is reached."),
        (
            [limit(1)],
            [FULL],
            None,
            f"The only runner that could take it is busy (r). The limit of 1 × {KEY} is reached.",
        ),
        ([limit()], [], Rules(enabled=False), "On-demand runners are switched off."),
        (
            [limit()],
            [],
            Rules(configured=False),
            "On-demand runners need AWS keys, and there are none.",
        ),
        ([limit(enabled=False)], [], None, f"The limit {KEY} is switched off."),
        (
            [limit(tripped=True)],
            [],
            None,
            f"The limit {KEY} tripped: its machines never booted. Reset it.",
        ),
        (
            [limit(trouble=TROUBLE)],
            [],
            None,
            f"{KEY}: Your account's quota of vCPUs is used up (VcpuLimitExceeded); "
            "next try at 16:01:05 UTC.",
        ),
        (
            [limit(0), limit(2, BIG_KEY, 2, have=SMALL, enabled=False)],
            [],
            None,
            f"The limit of 0 × {KEY} is reached. The limit {BIG_KEY} is switched off.",
        ),
        (
            [limit(have=None)],
            [],
            None,
            "Nothing is known of the machines of any limit yet.",
        ),
        ([limit()], [asked("x", job_id="a")], None, f"Its machine r-x, {KEY}, has been requested."),
        (
            [limit()],
            [
                asked(
                    "x",
                    job_id="a",
                    holding="capacity-not-available",
                    holding_since=LATER - OPEN_PATIENCE * 1000,
                )
            ],
            None,
            f"Its machine r-x, {KEY}, has been requested, and EC2 has none to give yet "
            "(capacity-not-available); the request is taken back at 16:01:05 UTC.",
        ),
        (
            [limit()],
            [asked("x", job_id="a", has_machine=True)],
            None,
            f"Its machine r-x, {KEY}, is starting.",
        ),
        (
            [limit()],
            [
                asked(
                    "x",
                    job_id="a",
                    status=Instance.PENDING,
                    trouble=Trouble("launch", "AWS did not answer: ReadTimeoutError.", LATER),
                )
            ],
            None,
            f"Its machine r-x, {KEY}, is being requested: AWS did not answer: ReadTimeoutError; "
            "repeated at 16:01:05 UTC.",
        ),
    ],
)
def test_with_limits(limits, instances, rules, sentence):
    assert why(job("a"), (), limits, instances, rules) == sentence


@pytest.mark.parametrize(
    "waiting, sentence",
    [
        (job("a", 16), "No limit has 16 CPU; the biggest has 4."),
        (job("a", gpu_count=2), "No limit has 2 GPU; none has any."),
        (job("a", interruptible=False), "No limit has machines that are not interruptible."),
    ],
)
def test_what_no_limit_offers(waiting, sentence):
    assert why(waiting, (), [limit()]) == sentence


def test_own_runners_and_limits_are_both_named():
    sentence = why(job("a", 16, gpu_count=0), [own("box")], [limit(1, BIG_KEY, have=GPU_HAVE)])
    assert sentence == (
        "No runner has 16 CPU; the biggest has 4. No limit has 16 CPU; the biggest has 8."
    )


def test_many_closed_limits_are_summed_up():
    limits = [limit(0, KEY._replace(region=f"r-{n}"), n) for n in range(5)]
    first, second = (f"The limit of 0 × {each.key} is reached." for each in limits[:2])
    assert why(job("a"), (), limits) == f"{first} {second} 3 more limits cannot help either."


def test_a_back_off_shows_the_moment_and_not_the_distance():
    early = why(job("a"), (), [limit(trouble=TROUBLE)])
    assert "16:01:05" in early and str(ago(0)) not in early
