"""A storm: work goes on coming while things break, then it is calm, and the books must be right."""

import random
import time
import urllib.error
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.storm.town import LIMITS, Town
from tests.storm.weather import Weather
from tests.storm.work import ended_twice, workflow, wrong_logs
from tests.waiting import eventually, pause

CALM_SECONDS = 150
LONG = 60  # seconds; in a shorter storm nothing sleeps for longer than the lease of a leader


@dataclass
class Report:
    """What a storm came to; `faults` is empty when every promise was kept."""

    seed: int
    seconds: float
    happened: dict[str, int] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    accepted: int = 0
    refused: int = 0
    attempts: int = 0
    machines: int = 0
    most_at_once: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def storm(
    folder: Path, template: Path | None, seed: int, seconds: float = 0, strikes: int = 0
) -> Report:
    """Blow for so long and at least so often, then wait for calm and look."""
    dice = random.Random(seed)
    with Town(folder, template, seed) as town:
        began = time.monotonic()
        weather, report = Weather(town, seed, brief=seconds < LONG), Report(seed, seconds)
        accepted: set[str] = set()
        town.proxy.share = 0.02
        while time.monotonic() - began < seconds or sum(weather.happened.values()) < strikes:
            accepted |= _submit(town, dice, report)
            weather.strike()
            pause(dice.uniform(0.1, 0.8))
        weather.calm()
        town.all_final(CALM_SECONDS)
        for region in LIMITS:
            town.empty(region)
        report.happened, report.calls = dict(weather.happened), dict(town.proxy.met)
        _look(town, accepted, report)
    return report


def _submit(town: Town, dice: random.Random, report: Report) -> set[str]:
    """Names of runs that the server said it took; whoever gets no answer has been promised
    nothing."""
    names = set()
    for _ in range(dice.randint(1, 3)):
        text = workflow(town.work, dice.choice((0.5, 1, 2)), dice.choice((0.05, 0.2, 0.5)))
        try:
            names.add(town.api.submit(text))
        except (urllib.error.URLError, OSError):
            report.refused += 1
    return names


def _look(town: Town, accepted: set[str], report: Report) -> None:
    jobs, attempts = town.jobs(), town.all_attempts()
    report.accepted, report.attempts = len(accepted), len(attempts)
    report.machines = sum(town.ever(region) for region in LIMITS)
    report.most_at_once = {region: town.most_ever(region) for region in LIMITS}
    known = town.run_names()
    report.faults += [f"{name} was accepted and is not there" for name in accepted - known]
    report.faults += [f"{job.id} is {job.status}: {job.reason}" for job in _not_done(jobs)]
    report.faults += wrong_logs(attempts, town.log, town.work)
    report.faults += [f"{job} ran to its end twice" for job in ended_twice(attempts)]
    for region, most in report.most_at_once.items():
        if most > LIMITS[region]:
            report.faults.append(f"{most} machines at once in {region}, not {LIMITS[region]}")
    try:
        eventually(lambda: not town.left_behind(), 20)
    except AssertionError:
        report.faults += [f"left behind: {what}" for what in town.left_behind()]


def _not_done(jobs: list[Any]) -> list[Any]:
    return [job for job in jobs if job.status != "done"]
