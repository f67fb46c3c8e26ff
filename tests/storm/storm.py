"""A storm: work goes on coming while things break, then it is calm, and the books must be right."""

import random
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.storm import look
from tests.storm.network import USUAL
from tests.storm.proxy import FAULTS
from tests.storm.town import LIMITS, Town
from tests.storm.weather import Weather
from tests.storm.work import IMPOSSIBLE_CPU, submitted, workflow
from tests.waiting import eventually, pause
from webapp.engine.plan.sightings import VISIBLE_AFTER

CALM_SECONDS = 240
LONG = 60  # seconds; in a shorter storm nothing sleeps for longer than the lease of a leader
MOST_AT_WORK = 40  # jobs; more would only wait


@dataclass
class Report:
    """What a storm came to; `faults` is empty when every promise was kept."""

    seed: int
    seconds: float
    happened: dict[str, int] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    accepted: int = 0
    refused: int = 0
    jobs: dict[str, int] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)
    machines: int = 0
    most_at_once: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def storm(
    folder: Path, template: Path | None, seed: int, seconds: float = 0, strikes: int = 0
) -> Report:
    """Blow for so long and at least so often, then wait for calm and look."""
    brief = seconds < LONG
    with Town(folder, template, seed, brief) as town:
        weather, report = Weather(town, seed, brief), Report(seed, seconds)
        town.proxy.weather(USUAL, FAULTS)
        accepted = _blow(town, weather, report, strikes)
        weather.calm()
        town.proxy.weather(0, FAULTS)
        _no_job_waits_in_silence(town, report)
        look.all_settled(town, CALM_SECONDS)
        look.nothing_runs(town, 60 if brief else VISIBLE_AFTER + 60)
        report.happened, report.calls = dict(weather.happened), dict(town.proxy.met)
        _fill_in(report, town, accepted)
    return report


def _blow(town: Town, weather: Weather, report: Report, strikes: int) -> set[str]:
    """Names of runs that the server said it took."""
    dice, began = random.Random(report.seed), time.monotonic()
    accepted: set[str] = set()
    while time.monotonic() - began < report.seconds or weather.happened.total() < strikes:
        if (town.jobs_at_work() or 0) < MOST_AT_WORK:
            accepted |= _submit(town, dice, report)
        weather.strike()
        pause(dice.uniform(0.1, 0.8))
    return accepted


def _submit(town: Town, dice: random.Random, report: Report) -> set[str]:
    """Whoever gets no answer has been promised nothing. Now and then one asks for what nobody
    has: it has to wait, and say so."""
    names: set[str] = set()
    for _ in range(dice.randint(1, 3)):
        cpu = IMPOSSIBLE_CPU if dice.random() < 0.02 else dice.choice((0.5, 1, 2))
        name = submitted(town.api, workflow(town.work, cpu, dice.choice((0.05, 0.2, 0.5))))
        names |= {name} if name else set()
        report.refused += name is None
    return names


def _no_job_waits_in_silence(town: Town, report: Report) -> None:
    """A look every few seconds gives each its sentence."""
    try:
        eventually(lambda: not look.silent(town.jobs()), 30)
    except AssertionError:
        report.faults += look.silent(town.jobs())


def _fill_in(report: Report, town: Town, accepted: set[str]) -> None:
    report.accepted, report.jobs = len(accepted), look.count(town.jobs())
    for each in town.all_attempts():
        report.attempts[each.outcome] = report.attempts.get(each.outcome, 0) + 1
    report.machines = sum(town.ever(region) for region in LIMITS)
    report.most_at_once = {region: town.most_ever(region) for region in LIMITS}
    report.faults += look.faults(town, accepted, report.most_at_once)
