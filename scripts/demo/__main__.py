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
from scripts.demo.project import PROJECT, run_project
from scripts.demo.server import PERSON, DemoServer

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


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
        finally:
            _ignore_signals()  # whatever went wrong, the clean-up is not cut short
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
    _say(f"Running the project of examples/{PROJECT.name} from a git repository, in two steps")
    done = run_project(api, server.url, folder)
    _say("Two limits, and runs that need more than this machine has (its AWS is simulated)")
    return show_on_demand(api) and done


def _say(sentence: str) -> None:
    print(f"\n==> {sentence}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
