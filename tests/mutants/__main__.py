"""`python -m tests.mutants [--only WORDS] [--jobs 2]`: make each bug in a copy of the source and
see who catches it. Ends with 1 when one survives or cannot be made any more."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
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
    """`by`: who caught it, empty when nobody did; `how`: in its words."""

    mutant: Mutant
    by: str
    how: str
    seconds: float


def main() -> int:
    """0 when all are caught."""
    parser = argparse.ArgumentParser(prog="mutants", description=__doc__)
    parser.add_argument("--only", default="", help="those whose name contains this")
    parser.add_argument("--jobs", type=int, default=1, help="how many at the same time")
    asked = parser.parse_args()
    chosen = [each for each in EVERY if asked.only in each.name]
    with ThreadPoolExecutor(asked.jobs) as pool:
        verdicts = []
        for verdict in pool.map(_judge, chosen):
            verdicts.append(verdict)
            print(_line(verdict), flush=True)
    survivors = [each for each in verdicts if not each.by]
    print(f"\n{len(verdicts) - len(survivors)} of {len(verdicts)} caught")
    return 1 if survivors else 0


def _line(verdict: Verdict) -> str:
    by = verdict.by or "SURVIVES"
    mutant = verdict.mutant
    return f"{mutant.rule:>9}  {mutant.name:<50} {by:<34} {verdict.seconds:4.0f} s  {verdict.how}"


def _judge(mutant: Mutant) -> Verdict:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        copy = Path(folder) / "source"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        problems = [problem for patch in mutant.patches if (problem := patch.problem(copy))]
        for patch in mutant.patches:
            patch.apply(copy)
        by, how = ("", problems[0]) if problems else _caught(mutant, copy)
    return Verdict(mutant, by, how, time.monotonic() - began)


def _caught(mutant: Mutant, copy: Path) -> tuple[str, str]:
    """The tests that are named are quick, so they go first."""
    for test in mutant.tests:
        words = _run(copy, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", test)
        if words is not None:
            failed = [line for line in words if line.startswith(("FAILED", "ERROR"))]
            return test, (failed or words)[-1].partition("::")[2][:110]
    if mutant.tests:
        return "", "the named tests did not notice"
    words = _run(copy, "-m", "tests.simulation", "--seeds", str(STORMS), "--stop")
    if words is None:
        return "", f"{STORMS} storms did not notice"
    told = next((line for line in words if " broke: " in line), words[-1] if words else "")
    seed, _, how = told.partition(" broke: ")
    return seed.replace("seed", "storm")[:34], (how or told)[:110]


def _run(copy: Path, *words: str) -> list[str] | None:
    """What it said when it failed; None when it went well."""
    run = partial(subprocess.run, cwd=copy, capture_output=True, text=True, check=False)
    done = run([sys.executable, *words], env={**os.environ, "PYTHONPATH": str(copy)})
    text = (done.stdout + done.stderr).strip()
    return None if done.returncode == 0 else text.splitlines()


if __name__ == "__main__":
    sys.exit(main())
