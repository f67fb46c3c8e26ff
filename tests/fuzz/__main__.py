"""`make fuzz MINUTES=10 SEED=7`: other attacks than those of the suite, for longer; ends with an
error when one went through. Prints what was answered to what, and the memory of the process."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import made_template, make_app, test_settings
from tests.fuzz.everything import READERS
from tests.fuzz.house import House
from tests.fuzz.lengths import LONG
from tests.fuzz.malicious_runner import attack
from tests.fuzz.memory import Memory
from webapp.extensions import db


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
            memory = _attack(house, asked.minutes, asked.seed)
            db.session.remove()
            db.engine.dispose()
    for call, count in sorted(house.tally.items()):
        print(f"{count:8} × {call}")
    print(memory)
    if memory.leaks:
        return 1
    print("Nothing went through.")
    return 0


def _attack(house: House, minutes: float, seed: int) -> Memory:
    """One server for all rounds: what it leaks adds up."""
    ends, memory = time.monotonic() + minutes * 60, Memory()
    while time.monotonic() < ends:
        attack(house, LONG, seed)
        for reader in READERS:
            reader(LONG, seed)
        memory.look(house.tally.total())
        print(f"seed {seed}: {memory}", flush=True)
        seed += 1
    return memory


if __name__ == "__main__":
    sys.exit(main())
