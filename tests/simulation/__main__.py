"""`python -m tests.simulation --seeds 100`, `--seed 7`, `--script FILE`."""

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.simulation import report
from tests.simulation.script import Script, read, storm
from tests.simulation.shrink import shrink
from tests.simulation.story import Outcome, play
from tests.simulation.tally import Tally

ENOUGH = 100  # so many storms make every move that is allowed


def main() -> int:
    """0 when nothing broke, and enough storms left no allowed move out."""
    asked = _arguments()
    if asked.script:
        return _one(read(Path(asked.script).read_text().splitlines()), asked.shrink)
    if asked.seed is not None:
        return _one(storm(asked.seed), asked.shrink)
    seeds = range(asked.first, asked.first + asked.seeds)
    if asked.stop:
        return _until_one_breaks(seeds)
    return _many(seeds, asked.jobs, asked.shrink)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100, help="how many storms")
    parser.add_argument("--first", type=int, default=1, help="seed of the first one")
    parser.add_argument("--jobs", type=int, default=1, help="how many at the same time")
    parser.add_argument("--seed", type=int, help="one storm")
    parser.add_argument("--script", help="a script that was printed")
    parser.add_argument("--stop", action="store_true", help="end with the first that breaks")
    parser.add_argument("--no-shrink", dest="shrink", action="store_false")
    return parser.parse_args()


def _one(script: Script, may_shrink: bool) -> int:
    began = time.monotonic()
    outcome = play(script)
    if outcome.problem:
        _tell(outcome, may_shrink)
        return 1
    print("\n".join(report.lines(outcome.tally, 1, time.monotonic() - began)))
    return 0


def _until_one_breaks(seeds: range) -> int:
    for seed in seeds:
        outcome = _play(seed)
        if outcome.problem:
            print(f"seed {seed} broke: {outcome.problem}")
            return 1
    return 0


def _many(seeds: range, jobs: int, may_shrink: bool) -> int:
    began, total, broken = time.monotonic(), Tally(), []
    with ProcessPoolExecutor(jobs) as pool:
        for outcome in pool.map(_play, seeds):
            total.add(outcome.tally)
            if outcome.problem:
                broken.append(outcome)
                print(f"seed {outcome.script.seed}: {outcome.problem}", flush=True)
    print("\n".join(report.lines(total, len(seeds), time.monotonic() - began)))
    for outcome in broken[:1]:
        _tell(outcome, may_shrink)
    return 1 if broken or (len(seeds) >= ENOUGH and report.unexplained(total)) else 0


def _play(seed: int) -> Outcome:
    return play(storm(seed))


def _tell(outcome: Outcome, may_shrink: bool) -> None:
    """The shortest script that does it, and what happened last in it."""
    script = outcome.script
    if may_shrink:
        acts = shrink(script.acts, lambda acts: bool(play(script.only(list(acts))).problem))
        script = script.only(acts)
        outcome = play(script)
    print(f"\nseed {script.seed} broke: {outcome.problem}\n\nthe last steps:")
    print("\n".join(outcome.tally.trace))
    print(f"\nthe script ({len(script.acts)} acts; --script FILE plays it again):")
    print("\n".join(script.lines()))
    print(f"\nagain: make simulate SEED={script.seed}")


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":
        # The order of sets of words is part of the story.
        os.execve(
            sys.executable,
            [sys.executable, "-m", "tests.simulation", *sys.argv[1:]],
            {**os.environ, "PYTHONHASHSEED": "0"},
        )
    sys.exit(main())
