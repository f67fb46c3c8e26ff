"""What the agent costs its machine while it has nothing to do."""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.agent_process import Agent, configured
from benchmarks.figures import Figure, milliseconds, percentile
from benchmarks.processes import Program, cpu_seconds, resident_mib
from benchmarks.server import serving

_SETTLE_SECONDS = 3


def measure(seconds: float = 60, starts: int = 15) -> Iterator[Figure]:
    """Idle for `seconds`, and `starts` times `--version`."""
    with tempfile.TemporaryDirectory() as name, serving(Path(name)) as server:
        agent = configured(server, 4)
        yield Figure("agent.version_p50", _version(agent, starts), "ms", at_most=150)
        with agent.started() as program:
            time.sleep(min(_SETTLE_SECONDS, seconds))
            share = _share_of_a_core(program, seconds)
            yield Figure("agent.idle_memory", resident_mib(program.pid), "MiB", at_most=20)
            yield Figure("agent.idle_core", share * 100, "%", at_most=0.2)


def _version(agent: Agent, starts: int) -> float:
    took = []
    for _ in range(starts):
        began = time.perf_counter()
        subprocess.run([*agent.command, "--version"], check=True, capture_output=True)
        took.append(milliseconds(time.perf_counter() - began))
    return percentile(took, 50)


def _share_of_a_core(program: Program, seconds: float) -> float:
    began, used = time.monotonic(), cpu_seconds(program.pid)
    time.sleep(seconds)
    return (cpu_seconds(program.pid) - used) / (time.monotonic() - began)
