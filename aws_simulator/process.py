"""Practice AWS as a child process, and its control API as methods.

>>> with SimulatorProcess(boot=0.2, stop=0.2, timescale=60) as aws:
...     aws.environment()      # for boto3, the AWS CLI, or a server that is to use it
...     aws.knobs(capacity={"m5.large": 2})
...     aws.interrupt("i-…")
"""

from __future__ import annotations

import json
import selectors
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
START_PATIENCE = 60.0  # seconds; it takes about two, more on a busy machine
STOP_PATIENCE = 20.0


class SimulatorError(Exception):
    """The simulator did not start, or the control API refused something."""


class SimulatorProcess:
    """Started by `start()` or `with`; ends with this process at the latest."""

    def __init__(
        self,
        *,
        boot: float = 1.0,
        stop: float = 1.0,
        timescale: float = 1.0,
        enforce_iam: bool = False,
        root: Path | None = None,
        arguments: tuple[str, ...] = (),
    ) -> None:
        self._command = [
            *(sys.executable, "-m", "aws_simulator", "--with-parent"),
            *("--boot", str(boot), "--stop", str(stop), "--timescale", str(timescale)),
            *(["--enforce-iam"] if enforce_iam else []),
            *(["--root", str(root)] if root else []),
            *arguments,
        ]
        self.process: subprocess.Popen[str] | None = None
        self.ready: dict[str, str] = {}

    def __enter__(self) -> SimulatorProcess:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> SimulatorProcess:
        self.process = subprocess.Popen(
            self._command,
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # Not in our group: Ctrl-C is for us, and we stop it in our own order.
            start_new_session=True,
        )
        try:
            self.ready = json.loads(_first_line(self.process))
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> int | None:
        """End it and every machine in it; returns its exit status."""
        if self.process is None:
            return None
        self.process.terminate()
        try:
            status = self.process.wait(STOP_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                stream.close()
        self.process = None
        return status

    def environment(self) -> dict[str, str]:
        """Variables that lead boto3 and the AWS CLI here and nowhere else."""
        return {
            "AWS_ENDPOINT_URL": self.ready["ec2"],
            "AWS_ENDPOINT_URL_EC2": self.ready["ec2"],
            "AWS_ENDPOINT_URL_STS": self.ready["ec2"],
            "AWS_ACCESS_KEY_ID": self.ready["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": self.ready["secret_access_key"],
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def state(self) -> dict[str, Any]:
        return self._ask("GET", "/state")

    def knobs(self, **changes: Any) -> dict[str, Any]:
        """Turn knobs; returns all of them."""
        return self._ask("POST", "/knobs", changes) if changes else self._ask("GET", "/knobs")

    def fault(self, operation: str, **details: Any) -> Any:
        """`code`, `times`, `delay`, `mode` (before, lost, duplicate, html502), `region`."""
        return self._ask("POST", "/faults", {"operation": operation, **details})

    def clear_faults(self) -> None:
        self._ask("DELETE", "/faults")

    def interrupt(
        self, machine_id: str, seconds: float = 120.0, real_seconds: float | None = None
    ) -> Any:
        """Spot notice; `seconds` are simulated ones, unless `real_seconds` are given."""
        asked = {"seconds": seconds} if real_seconds is None else {"real_seconds": real_seconds}
        return self._ask("POST", f"/machines/{machine_id}/interrupt", asked)

    def befall(self, machine_id: str, what: str) -> Any:
        """`what`: rebalance, kill (sudden death), hang, unhang, crash."""
        return self._ask("POST", f"/machines/{machine_id}/{what}", {})

    def reset(self) -> None:
        self._ask("POST", "/reset", {})

    def machine(self, machine_id: str) -> dict[str, Any] | None:
        """One machine of `state()`."""
        return next((m for m in self.state()["instances"] if m["id"] == machine_id), None)

    def console(self, machine_id: str) -> str:
        """What a machine has printed so far."""
        path = Path(self.ready["root"]) / machine_id / "console.log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    def wait_until(self, condition: Callable[[dict[str, Any]], Any], seconds: float = 20.0) -> Any:
        """The first true value of `condition(state)`; `TimeoutError` after so many seconds."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := condition(self.state()):
                return found
            time.sleep(0.02)
        raise TimeoutError(f"Practice AWS did not get there in {seconds} s.")

    def _ask(self, method: str, path: str, content: object = None) -> Any:
        data = None if content is None else json.dumps(content).encode()
        asked = urllib.request.Request(  # noqa: S310 - our own loopback address
            self.ready["control"] + path,
            data,
            {"Content-Type": "application/json"},
            method=method,
        )
        try:
            with _OPENER.open(asked, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise SimulatorError(json.load(error)["error"]) from None


def _first_line(process: subprocess.Popen[str]) -> str:
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)  # type: ignore[arg-type]
        if not selector.select(START_PATIENCE):
            raise SimulatorError(f"Practice AWS was not ready in {START_PATIENCE:.0f} s.")
    if not (line := process.stdout.readline()):  # type: ignore[union-attr]
        raise SimulatorError("Practice AWS did not start; it says why above.")
    return line


# A proxy named in the environment has no business between us and loopback.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
