"""From a submission that no runner can take to the call of EC2, and to its first instruction.

The real server against practice AWS, whose machines boot in one second, install the agent from
this server and start it. Each job keeps its machine, so that each submission needs a new one.
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from aws_simulator.process import SimulatorProcess
from benchmarks.connection import Connection, Refused
from benchmarks.dispatch import Pipe
from benchmarks.figures import Figure, milliseconds, percentile
from benchmarks.processes import NotThere
from benchmarks.server import serving
from benchmarks.workflows import one_job

BOOT_SECONDS = 1.0
_CATALOGUE_SECONDS = 60
LIMIT = {"region_name": "eu-west-1", "instance_type": "m5.large", "purchase_type": "spot"}


def measure(times: int = 7) -> Iterator[Figure]:
    """`times` submissions, one after the other; the first one of them warms up."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        aws = stack.enter_context(SimulatorProcess(boot=BOOT_SECONDS, stop=0.1))
        server = stack.enter_context(serving(folder, settings=aws.environment()))
        api, pipe = server.api(), Pipe(folder / "pipe")
        _configure(api, aws, times)
        rounds = [_round(api, aws, pipe) for _ in range(times)]
    calls, overheads = zip(*rounds[1:] or rounds, strict=True)
    yield Figure("launch.call_p50", percentile(calls, 50), "ms", at_most=100)
    yield Figure("launch.overhead_p50", percentile(overheads, 50), "s", at_most=1)


def _configure(api: Connection, aws: SimulatorProcess, maximum: int) -> None:
    names = {"aws_access_key_id": "access_key_id", "aws_secret_access_key": "secret_access_key"}
    keys = {name: aws.ready[given] for name, given in names.items()}
    api.post("/api/users/aws/config", {**keys, "aws_region": LIMIT["region_name"]})
    deadline = time.monotonic() + _CATALOGUE_SECONDS
    while not _limit_is_set(api, maximum):
        if time.monotonic() > deadline:
            raise NotThere("the catalogue of the region")
        time.sleep(0.2)


def _limit_is_set(api: Connection, maximum: int) -> bool:
    try:
        api.post("/api/on-demand/limits/set", {**LIMIT, "maximum": str(maximum)})
    except Refused:
        return False  # the catalogue is still being fetched
    return True


def _round(api: Connection, aws: SimulatorProcess, pipe: Pipe) -> tuple[float, float]:
    """Milliseconds until the call, seconds until the first instruction beyond the boot."""
    known = _requested(aws)
    api.post("/api/runs/submit", one_job(pipe.command + "; sleep 600", cpu="2"))
    answered, began = time.time(), time.perf_counter()
    ran = pipe.wait(60) - began
    called = [moment for name, moment in _requested(aws).items() if name not in known]
    return milliseconds(min(called) - answered), ran - BOOT_SECONDS


def _requested(aws: SimulatorProcess) -> dict[str, float]:
    events = aws.state()["events"]
    return {each["subject"]: each["time"] for each in events if each["event"] == "requested"}
