"""`python -m tests.mutants [--only WORDS] [--jobs 2]`: make each bug in a copy of the source and
see who catches it. Ends with 1 when one survives or cannot be made any more."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.mutants.every import EVERY
from tests.mutants.mutant import ROOT, Mutant

STORMS = 60
LEFT_OUT = shutil.ignore_patterns(".venv", ".git", "data", "__pycache__", ".*_cache", "*.egg-info")


@dataclass(frozen=True)
class Verdict:
    """`test`: the named test that noticed, `storm`: the storm that did; each empty when none did
    or none was asked. `how`: in the words of the first."""

    mutant: Mutant
    test: str
    storm: str
    how: str
    seconds: float

    @property
    def caught(self) -> bool:
        """By anybody."""
        return bool(self.test or self.storm)


def main() -> int:
    """0 when all are caught."""
    asked = _arguments()
    chosen = [each for each in EVERY if asked.only in each.name]
    print(f"{'rule':>9}  {'bug':<52} {'test':<34} storm")
    with ThreadPoolExecutor(asked.jobs) as pool:
        verdicts = []
        for verdict in pool.map(partial(_judge, asked), chosen):
            verdicts.append(verdict)
            print(_line(verdict), flush=True)
    for line in _sums(verdicts):
        print(line)
    return 0 if all(each.caught for each in verdicts) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mutants", description=__doc__)
    parser.add_argument("--only", default="", help="those whose name contains this")
    parser.add_argument("--jobs", type=int, default=1, help="how many at the same time")
    parser.add_argument("--storms", type=int, default=STORMS, help="so many storms at most")
    parser.add_argument("--both", action="store_true", help="storms for those with tests too")
    return parser.parse_args()


def _sums(verdicts: Sequence[Verdict]) -> Iterator[str]:
    caught = [each for each in verdicts if each.caught]
    by_storm = [each for each in verdicts if each.storm]
    yield f"\n{len(caught)} of {len(verdicts)} caught, {len(by_storm)} of them by a storm"
    yield from (f"SURVIVES: {each.mutant.name}" for each in verdicts if not each.caught)


def _line(verdict: Verdict) -> str:
    mutant, storm = verdict.mutant, verdict.storm or "-"
    test = verdict.test or ("-" if verdict.caught else "SURVIVES")
    words = f"{mutant.rule:>9}  {mutant.name:<52} {test:<34} {storm:<9}"
    return f"{words} {verdict.seconds:4.0f} s  {verdict.how}"


def _judge(asked: argparse.Namespace, mutant: Mutant) -> Verdict:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        copy = Path(folder) / "source"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        problems = [problem for patch in mutant.patches if (problem := patch.problem(copy))]
        for patch in mutant.patches:
            patch.apply(copy)
        test, storm, how = ("", "", problems[0]) if problems else _caught(asked, mutant, copy)
    return Verdict(mutant, test, storm, how, time.monotonic() - began)


def _caught(asked: argparse.Namespace, mutant: Mutant, copy: Path) -> tuple[str, str, str]:
    """The tests that are named are quick, so they go first."""
    test, how = _by_test(mutant, copy)
    if mutant.tests and not (test and asked.both):
        return test, "", how
    storm, told = _by_storm(copy, asked.storms)
    return test, storm, how or told


def _by_test(mutant: Mutant, copy: Path) -> tuple[str, str]:
    for test in mutant.tests:
        words = _run(copy, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", test)
        if words is not None:
            failed = [line for line in words if line.startswith(("FAILED", "ERROR"))]
            return test, (failed or words)[-1].partition("::")[2][:110]
    return "", "the named tests did not notice" if mutant.tests else ""


def _by_storm(copy: Path, most: int) -> tuple[str, str]:
    words = _run(copy, "-m", "tests.simulation", "--seeds", str(most), "--stop")
    if words is None:
        return "", f"{most} storms did not notice"
    told = next((line for line in words if " broke: " in line), words[-1] if words else "")
    seed, _, how = told.partition(" broke: ")
    return seed[:34], (how or told)[:110]


def _run(copy: Path, *words: str) -> list[str] | None:
    """What it said when it failed; None when it went well."""
    run = partial(subprocess.run, cwd=copy, capture_output=True, text=True, check=False)
    done = run([sys.executable, *words], env={**os.environ, "PYTHONPATH": str(copy)})
    text = (done.stdout + done.stderr).strip()
    return None if done.returncode == 0 else text.splitlines()


if __name__ == "__main__":
    sys.exit(main())
