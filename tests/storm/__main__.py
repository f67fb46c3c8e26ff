"""`make storm SECONDS=600 SEED=7`: a long storm and its figures; status 1 when a promise broke."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.conftest import POSTGRES, made_template
from tests.storm.disks import begin_alone
from tests.storm.storm import Report, storm

_BOOKS = "PostgreSQL" if POSTGRES else "SQLite"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="an empty folder, to look at what is left")
    asked = parser.parse_args()
    begin_alone("tests.storm")
    if asked.keep:
        report = _in(asked.keep, asked)
    else:
        # What is mounted in it can be removed only after us.
        with tempfile.TemporaryDirectory(prefix="storm-", ignore_cleanup_errors=True) as name:
            report = _in(Path(name), asked)
    _print(report)
    return 1 if report.faults else 0


def _in(folder: Path, asked: argparse.Namespace) -> Report:
    template = made_template(folder / "template")
    (folder / "town").mkdir()
    return storm(folder / "town", template, asked.seed, asked.seconds)


def _print(report: Report) -> None:
    print(f"storm of {report.seconds:g} s, seed {report.seed}, {_BOOKS}")
    for title, counts in (("happened", report.happened), ("calls of agents", report.calls)):
        print(f"{title}: " + ", ".join(f"{n} × {what}" for what, n in sorted(counts.items())))
    print(f"runs accepted: {report.accepted}, not answered: {report.refused}")
    for title, counts in (("jobs", report.jobs), ("attempts", report.attempts)):
        print(f"{title}: " + ", ".join(f"{n} × {what}" for what, n in sorted(counts.items())))
    print(f"machines: {report.machines}, ", end="")
    print("at most " + ", ".join(f"{n} in {place}" for place, n in report.most_at_once.items()))
    print("\n".join(report.faults) or "Every promise was kept.")


if __name__ == "__main__":
    sys.exit(main())
