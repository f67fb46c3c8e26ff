"""`make storm SECONDS=600 SEED=7`: a long storm and its figures; status 1 when a promise broke."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.conftest import made_template
from tests.storm.storm import Report, storm


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="storm-") as name:
        folder = Path(name)
        template = made_template(folder / "template")
        (folder / "town").mkdir()
        report = storm(folder / "town", template, asked.seed, asked.seconds)
    _print(report)
    return 1 if report.faults else 0


def _print(report: Report) -> None:
    print(f"storm of {report.seconds:g} s, seed {report.seed}")
    for title, counts in (("happened", report.happened), ("calls of agents", report.calls)):
        print(f"{title}: " + ", ".join(f"{n} × {what}" for what, n in sorted(counts.items())))
    print(f"runs accepted: {report.accepted}, not answered: {report.refused}")
    print(f"attempts: {report.attempts}; machines: {report.machines}, ", end="")
    print("at most " + ", ".join(f"{n} in {place}" for place, n in report.most_at_once.items()))
    print("\n".join(report.faults) or "Every promise was kept.")


if __name__ == "__main__":
    sys.exit(main())
