"""The story of the demo."""

import os
import signal
import sys
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path

from scripts.demo.api import Api
from scripts.demo.machine import DemoMachine
from scripts.demo.on_demand import show_on_demand
from scripts.demo.server import PERSON, DemoServer

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "anscombe.yaml"


def main() -> int:
    """Exit code 0 when the runs are done."""
    for number in _SIGNALS:
        signal.signal(number, _interrupt)
    done = False
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="runners-demo-")))
        try:
            done = _tell(stack, folder)
            if not os.environ.get("DEMO_EXIT"):
                print("\nThe pages stay open. Ctrl-C ends everything.", flush=True)
                threading.Event().wait()
        except KeyboardInterrupt:
            print("\nInterrupted.", flush=True)
        _ignore_signals()
        print("Ending the runner, the server and its practice AWS …", flush=True)
    return 0 if done else 1


def _interrupt(*_: object) -> None:
    _ignore_signals()  # a second Ctrl-C must not leave anything behind
    raise KeyboardInterrupt


def _ignore_signals() -> None:
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _tell(stack: ExitStack, folder: Path) -> bool:
    """Whether the run came to its end well."""
    _say("Starting the server in practice mode (no account is needed)")
    server = DemoServer(folder)
    stack.callback(server.stop)
    server.wait()
    server.add_person()
    print(f"    Open {server.url}/  and log in as {PERSON} with the password {server.password}")
    _say("Making this machine a self-hosted runner, with the four lines of the Runners page")
    machine = DemoMachine(folder, server.url, server.token)
    stack.callback(machine.stop)
    api = Api(server.url, server.token)
    done = run_example(api, server.url)
    _say("Two limits, and runs that need more than this machine has (its AWS is simulated)")
    return show_on_demand(api) and done


def run_example(api: Api, url: str) -> bool:
    """Submit the example, show its log, answer whether it is done."""
    _say(f"Submitting the workflow in examples/{EXAMPLE.name}")
    run_name = api.submit(EXAMPLE.read_text(encoding="utf-8"))
    print(f"    {url}/runs/{run_name}\n", flush=True)
    (job,) = api.jobs(run_name)
    api.follow(job["job_id"])
    (job,) = api.jobs(run_name)
    print(f"\n    {run_name}: {job['status'].upper()} on {job['runner_name']}", flush=True)
    return job["status"] == "done"


def _say(sentence: str) -> None:
    print(f"\n==> {sentence}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
