"""`make fuzz MINUTES=10 SEED=7`: other attacks than those of the suite, for longer; ends with an
error when one went through. Prints what was answered to what, and the memory of the process."""

import argparse
import gc
import resource
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import made_template, make_app, test_settings
from tests.fuzz.house import House
from tests.fuzz.lengths import LONG
from tests.fuzz.malicious_runner import attack
from tests.fuzz.readers import READERS
from webapp.extensions import db

PAGE_KIB = resource.getpagesize() // 1024


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        template = made_template(Path(name) / "template")
        app = make_app(template, test_settings(Path(name) / "house", poll_seconds=0.01))
        with app.app_context():
            house = House(app)
            _attack(house, asked.minutes, asked.seed)
            db.session.remove()
            db.engine.dispose()
    for call, count in sorted(house.tally.items()):
        print(f"{count:8} × {call}")
    print("Nothing went through.")
    return 0


def _attack(house: House, minutes: float, seed: int) -> None:
    """One server for all rounds: what it leaks adds up."""
    ends = time.monotonic() + minutes * 60
    while time.monotonic() < ends:
        attack(house, LONG, seed)
        for reader in READERS:
            reader(LONG, seed)
        gc.collect()
        calls, mib = house.tally.total(), _memory_mib()
        print(f"seed {seed}: {calls} calls so far, {mib} MiB of memory", flush=True)
        seed += 1


def _memory_mib() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_KIB // 1024


if __name__ == "__main__":
    sys.exit(main())
