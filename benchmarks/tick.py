"""One tick beside a thousand machines in ten regions, with a hundred limits, and one with nothing.

The tasks run in this process against practice AWS, whose machines are entries only here; it counts
the calls. Every machine was asked for by the product itself, for a job of its own. The jobs wait
still (no agent calls), so the planner has them to look at as well.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select

from aws_simulator.process import SimulatorProcess
from benchmarks.figures import Figure, milliseconds, percentile
from benchmarks.processes import NotThere
from webapp import create_app
from webapp.config import Settings
from webapp.engine.jobs import JobSpec
from webapp.engine.plan import plan
from webapp.engine.resources import Ask
from webapp.engine.snapshot import Key
from webapp.engine.states import Actor, Instance
from webapp.extensions import db
from webapp.models.aws_account import Keys, set_keys
from webapp.models.catalogue import keep_offerings
from webapp.models.event import Who
from webapp.models.instance import Instance as Row
from webapp.models.limit import add_limit
from webapp.models.submission import submit_run
from webapp.models.transaction import writing
from webapp.models.user import add_user
from webapp.start import prepare
from webapp.tasks.gather import gather
from webapp.tasks.observe import LIVING_SECONDS, observe
from webapp.tasks.tick import tick

REGIONS = [
    *("eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1", "eu-north-1"),
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ap-southeast-2"),
]
TYPES = [
    *("m5.large", "m5.xlarge", "m5.2xlarge", "m5.4xlarge", "m5.8xlarge"),
    *("c5.large", "c5.xlarge", "c5.2xlarge", "c5.4xlarge", "c5.9xlarge"),
]
OPERATOR = Who(Actor.PERSON, "bench")
_PATIENCE_SECONDS = 300


class Clock:
    """The real time, and as much later as asked."""

    def __init__(self) -> None:
        self.ahead = 0

    def __call__(self) -> int:
        return int(time.time() * 1000) + self.ahead


def measure(regions: int = 10, types: int = 10, each: int = 10) -> Iterator[Figure]:
    """`each` machines in each of `regions` x `types` limits; one is looked at five times."""
    with tempfile.TemporaryDirectory() as name, _house(Path(name)) as (aws, clock):
        _furnish(aws, regions, types, each, clock)
        yield Figure("tick.calls_idle", _calls_of_a_tick(aws, clock)[0], "calls", at_most=0)
        wanted = regions * types * each
        _fill(wanted, clock)
        ticks = [_calls_of_a_tick(aws, clock) for _ in range(5)]
        planner = [_planner(clock) for _ in range(5)]
        running = _running()
    yield Figure("tick.machines", running, "machines", at_least=wanted)
    most = max(calls for calls, _ in ticks) / regions
    yield Figure("tick.calls", most, "calls/region", at_most=2)
    yield Figure("tick.planner_p50", percentile(planner, 50), "ms", at_most=50)
    yield Figure("tick.whole_p50", percentile([took for _, took in ticks], 50), "ms", at_most=2000)


@contextmanager
def _house(folder: Path) -> Iterator[tuple[SimulatorProcess, Clock]]:
    clock = Clock()
    with SimulatorProcess(boot=0.1, stop=0.1) as aws:
        aws.knobs(boot_user_data=False)
        before = dict(os.environ)
        os.environ.update(aws.environment())
        app = create_app(Settings(data_dir=folder / "data"), clock)
        try:
            prepare(app)
            with app.app_context():
                yield aws, clock
                db.session.remove()
                db.engine.dispose()
        finally:
            os.environ.clear()
            os.environ.update(before)


def _furnish(aws: SimulatorProcess, regions: int, types: int, each: int, clock: Clock) -> None:
    ready = aws.ready
    with writing():
        add_user(OPERATOR, "bench", "bench@example.org", "admin", "long enough", clock())
        set_keys(OPERATOR, Keys(ready["access_key_id"], ready["secret_access_key"]), clock())
        for region in REGIONS[:regions]:
            keep_offerings(region, [offering_like(region, kind) for kind in TYPES[:types]], clock())
            for kind in TYPES[:types]:
                add_limit(OPERATOR, Key(region, kind, "spot"), each, clock())


def offering_like(region: str, kind: str) -> dict[str, object]:
    """What EC2 would say of such a type."""
    # All alike, so that each job fills one machine of any of them.
    size = {"cpu_milli": 4000, "memory_mib": 16384, "gpus": [], "arch": "x86_64"}
    zones = [region + letter for letter in "abc"]
    return {"instance_type": kind, "purchase_types": ["spot"], "zones": zones, **size}


def _fill(wanted: int, clock: Clock) -> None:
    spec = JobSpec("true", ask=Ask(cpu_milli=4000))
    with writing():
        submit_run(OPERATOR, 1, [spec] * wanted, clock())
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while _running() < wanted:
        if time.monotonic() > deadline:
            raise NotThere(f"{wanted} machines; {_running()} run")
        tick(clock())
        clock.ahead += 2500  # regions in motion are looked at every two seconds
        observe(clock())


def _running() -> int:
    query = select(func.count()).where(Row.status == Instance.RUNNING)
    return db.session.scalar(query) or 0


def _calls_of_a_tick(aws: SimulatorProcess, clock: Clock) -> tuple[int, float]:
    """Calls of EC2, and milliseconds, when every region with something in it is due."""
    clock.ahead += (LIVING_SECONDS + 1) * 1000
    before = sum(aws.state()["calls"].values())
    began = time.perf_counter()
    tick(clock())
    observe(clock())
    took = milliseconds(time.perf_counter() - began)
    return sum(aws.state()["calls"].values()) - before, took


def _planner(clock: Clock) -> float:
    snapshot = gather(clock())
    if snapshot is None:
        raise NotThere("anything to plan")
    began = time.perf_counter()
    plan(snapshot)
    return milliseconds(time.perf_counter() - began)
