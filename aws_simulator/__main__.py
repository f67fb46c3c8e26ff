"""`python -m aws_simulator`: practice AWS until SIGTERM, SIGINT or the parent's end."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
import threading
from pathlib import Path

# Before moto is imported. Its own images would take seconds and are never shown; its CORS
# headers would let any web page read practice AWS through somebody's browser.
os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"
os.environ["MOTO_DISABLE_GLOBAL_CORS"] = "true"
# moto would take an account from here; there is one account.
os.environ.pop("MOTO_ACCOUNT_ID", None)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m aws_simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="of the EC2 API; 0: any free one")
    parser.add_argument("--control-port", type=int, default=0, help="of the control API")
    parser.add_argument("--host", default="127.0.0.1", help="loopback; anything else is refused")
    parser.add_argument("--boot", type=float, default=1.0, help="seconds pending takes")
    parser.add_argument("--stop", type=float, default=1.0, help="seconds shutting-down takes")
    parser.add_argument(
        "--timescale", type=float, default=1.0, help="simulated seconds per real second"
    )
    parser.add_argument(
        "--shutdown-timescale",
        type=float,
        default=0.0,
        help="the same for `shutdown` timers inside machines; 0: as --timescale",
    )
    parser.add_argument("--enforce-iam", action="store_true", help="check keys and permissions")
    parser.add_argument("--root", type=Path, help="where the folders of machines are made")
    parser.add_argument("--state-file", type=Path, help="also write the ready line here")
    parser.add_argument(
        "--with-parent", action="store_true", help="end when standard input is closed"
    )
    return parser.parse_args()


def main() -> int:
    logging.basicConfig(level=logging.WARNING)
    asked = arguments()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if asked.with_parent:
        threading.Thread(target=_watch_parent, args=(stop,), daemon=True).start()
    from aws_simulator.moto_fixes import WrongMoto, check_version
    from aws_simulator.web.loopback import NotLoopback, check_loopback

    try:
        check_loopback(asked.host)
        if asked.timescale <= 0:
            raise ValueError(f"--timescale is more than 0, not {asked.timescale}.")
        check_version()
        return _serve(asked, stop)
    except (WrongMoto, NotLoopback, OSError, ValueError) as error:
        sys.stderr.write(f"Practice AWS does not start: {error}\n")
        return 1


def _serve(asked: argparse.Namespace, stop: threading.Event) -> int:
    from aws_simulator.service import Simulator
    from aws_simulator.world import World

    world = World(
        timescale=asked.timescale,
        boot_seconds=asked.boot,
        stop_seconds=asked.stop,
        shutdown_timescale=asked.shutdown_timescale,
        enforce_iam=asked.enforce_iam,
    )
    simulator = Simulator(world, asked.port, asked.control_port, asked.root)
    try:
        simulator.start()
        _announce(json.dumps(simulator.ready()), asked.state_file)
        stop.wait()
    finally:
        simulator.close()
        if asked.state_file:
            asked.state_file.unlink(missing_ok=True)
    return 0


def _announce(line: str, state_file: Path | None) -> None:
    if state_file:
        # The line holds a secret key, even if one that opens nothing but practice AWS.
        descriptor = os.open(state_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(line + "\n")
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _watch_parent(stop: threading.Event) -> None:
    # The other end is held by the parent alone: it closes with the parent, however that dies.
    while os.read(0, 4096):
        pass
    stop.set()


if __name__ == "__main__":
    sys.exit(main())
