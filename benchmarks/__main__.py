"""`python -m benchmarks [NAME] [--server KIND]`: one line a figure.

NAME VALUE UNIT target TARGET ok|short. Exit code 0 when everything could be measured.
"""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator

from benchmarks import (
    agent,
    artifacts,
    dispatch,
    fleet,
    growth,
    launch,
    load,
    masking,
    pages,
    throughput,
    tick,
)
from benchmarks.figures import Figure
from benchmarks.processes import NotThere
from benchmarks.server import SERVERS

SUBJECTS: dict[str, Callable[[], Iterator[Figure]]] = {
    "agent": agent.measure,
    "masking": masking.measure,
    "pages": pages.measure,
    "dispatch": dispatch.measure,
    "throughput": throughput.measure,
    "fleet": fleet.measure,
    "tick": tick.measure,
    "launch": launch.measure,
    "artifacts": artifacts.measure,
    "growth": growth.measure,
    "load": load.measure,
    "load-postgres": load.measure_postgres,
}
ONLY_WHEN_ASKED = ("load-postgres",)  # it needs a PostgreSQL


def main() -> int:
    """Measure what was asked for, or everything."""
    asked = _arguments()
    # As with Ctrl-C: what was started is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    failed = False
    for name in [asked.name] if asked.name else _usual():
        load = f"{os.getloadavg()[0]:.2f}"
        print(f"# {name}: load before it {load}, {os.cpu_count()} processors", flush=True)
        try:
            for figure in _subject(name, asked):
                print(figure, flush=True)
        except NotThere as error:
            failed = True
            print(f"# {name} could not be measured: {error}", flush=True)
    return int(failed)


def _usual() -> list[str]:
    return [name for name in SUBJECTS if name not in ONLY_WHEN_ASKED]


def _subject(name: str, asked: argparse.Namespace) -> Iterator[Figure]:
    return fleet.measure(kind=asked.server) if name == "fleet" else SUBJECTS[name]()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", nargs="?", choices=list(SUBJECTS), help="only this one")
    parser.add_argument("--server", choices=SERVERS, default="waitress", help="for the fleet")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
