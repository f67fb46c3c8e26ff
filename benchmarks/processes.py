"""Programs that a benchmark starts, and what the kernel says about them (Linux)."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parent.parent
_TICKS = os.sysconf("SC_CLK_TCK")
_PATIENCE_SECONDS = 20

Answer = TypeVar("Answer")


class NotThere(Exception):
    """What was waited for did not come in time, or the program ended."""


class Program:
    """A child in a session of its own, ended with the `with` block; output goes to `log`."""

    def __init__(self, command: list[str], log: Path, environment: Mapping[str, str]) -> None:
        self.command, self.log = command, log
        self._environment = {**os.environ, **environment}

    def __enter__(self) -> "Program":
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self._environment,
                start_new_session=True,
            )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    @property
    def pid(self) -> int:
        return self._process.pid

    def until(self, condition: Callable[[], Answer], what: str, seconds: float = 60) -> Answer:
        """The first true answer; raises NotThere with the end of the output."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self._process.poll() is None:
            if answer := condition():
                return answer
            time.sleep(0.02)
        tail = self.log.read_text(errors="replace")[-2000:]
        raise NotThere(f"{what}: not within {seconds:g} s\n{tail}")


def run(command: list[str], environment: Mapping[str, str], text: str = "") -> str:
    """Output of a command; raises CalledProcessError."""
    variables = {**os.environ, **environment}
    done = subprocess.run(
        command, cwd=ROOT, input=text, capture_output=True, text=True, env=variables, check=False
    )
    if done.returncode:
        raise NotThere(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def family(pid: int) -> list[int]:
    """A process and its descendants: a pre-forking server works in a child."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid] + [each for child in children for each in family(int(child))]


def cpu_seconds(pid: int) -> float:
    """Processor time that a process and its descendants have used so far."""
    return sum(_cpu_seconds(each) for each in family(pid))


def resident_mib(pid: int) -> float:
    """Resident memory of a process and its descendants now."""
    return sum(_status_kib(each, "VmRSS") for each in family(pid)) / 1024


def _cpu_seconds(pid: int) -> float:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / _TICKS


def _status_kib(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    return 0
