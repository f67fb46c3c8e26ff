"""Short ways to write down a snapshot."""

from webapp.engine.resources import Ask, Gpu, Have
from webapp.engine.snapshot import InstanceView, Key, LimitView, RunnerView, WaitingJob
from webapp.engine.states import Instance, Runner

NOW = 1_764_000_000_000
SMALL = Have(4000, 16000, interruptible=True, containers=False)
KEY = Key("eu-west-1", "m5.xlarge", "spot")
BIG_KEY = Key("eu-west-1", "p3.2xlarge", "spot")


def ago(seconds: float) -> int:
    return NOW - int(seconds * 1000)


def job(name: str, cpus: float = 1, **ask: object) -> WaitingJob:
    return WaitingJob(name, Ask(cpu_milli=int(cpus * 1000), **ask))


def own(
    name: str, cpus: int = 4, busy: int = 0, status: Runner = Runner.LIVE, **have
) -> RunnerView:
    """A self-hosted runner; `busy` of its processors are taken."""
    jobs = (Ask(cpu_milli=busy * 1000),) if busy else ()
    return RunnerView(name, name, status, Have(cpus * 1000, 32000, **have), jobs)


def rented(
    name: str, status: Runner = Runner.LIVE, busy: int = 0, idle: int | None = None, since=0
):
    """The runner of a machine; idle since `idle` seconds."""
    jobs = (Ask(cpu_milli=busy * 1000),) if busy else ()
    idle_since = None if idle is None else ago(idle)
    return RunnerView(name, name, status, SMALL, jobs, True, idle_since, since or NOW)


def machine(name: str, runner: RunnerView | None, **changes: object) -> InstanceView:
    values = {
        "key": KEY,
        "status": Instance.RUNNING,
        "created_at": ago(100),
        "have": SMALL,
        "booted": runner is not None and runner.status != Runner.REQUESTED,
        "booted_at": ago(60),
        "has_machine": True,
    }
    return InstanceView(name, runner=runner, **{**values, **changes})


def asked(name: str, **changes: object) -> InstanceView:
    """A machine that was asked for and has not called in."""
    values = {"status": Instance.REQUESTED, "has_machine": False, "booted_at": None}
    return machine(name, rented(f"r-{name}", Runner.REQUESTED), **{**values, **changes})


def limit(maximum: int = 3, key: Key = KEY, number: int = 1, **changes: object) -> LimitView:
    values = {"have": SMALL, "price": 0.1}
    return LimitView(number, key, maximum, **{**values, **changes})


GPU_HAVE = Have(8000, 61000, (Gpu("V100", 16384),), containers=False, interruptible=True)
