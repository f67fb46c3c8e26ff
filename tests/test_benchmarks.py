"""The benchmarks still run; with sizes so small that their numbers say nothing.

`launch` is not among them: it takes seconds (a simulator, a catalogue, a machine that boots), and
its way from a submission to a machine is the one of tests/e2e/on_demand.
"""

import gc
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from contextvars import copy_context
from functools import partial
from pathlib import Path

import pytest

from benchmarks import (
    agent,
    artifacts,
    dispatch,
    fleet,
    growth,
    load,
    masking,
    pages,
    throughput,
    tick,
)
from benchmarks.connection import Connection
from benchmarks.figures import Figure, percentile
from benchmarks.floor import floor
from benchmarks.load_run import Size
from benchmarks.server import PERSON, Server, using
from tests.conftest import make_app, serving, test_settings
from tests.people import PASSWORD, TESTS
from webapp.clock import now
from webapp.models.token import new_token
from webapp.models.transaction import writing
from webapp.models.user import add_user

LEAVES_CONNECTIONS = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)


@pytest.fixture
def server(template: Path | None, tmp_path: Path) -> Iterator[Server]:
    """In this process, for all that is measured in a test."""
    app = make_app(template, test_settings(tmp_path, tick_seconds=0.2))
    with app.app_context(), writing():
        person = add_user(TESTS, PERSON, "bench@example.org", "admin", PASSWORD, now())
        token = new_token(TESTS, person, now())
    with serving(app) as live:
        there = Server(live.url, os.getpid(), token, PASSWORD, tmp_path)
        with using(there):
            yield there


@pytest.mark.parametrize(
    ("figure", "line"),
    [
        (Figure("a.b", 1.25, "ms"), "a.b 1.25 ms"),
        (Figure("a.b", 1.25, "ms", at_most=2), "a.b 1.25 ms target <=2 ok"),
        (Figure("a.b", 2.5, "ms", at_most=2), "a.b 2.5 ms target <=2 short"),
        (Figure("a.b", 0.4, "x_floor", at_least=0.5), "a.b 0.4 x_floor target >=0.5 short"),
    ],
)
def test_a_figure_is_one_line(figure: Figure, line: str) -> None:
    assert str(figure) == line


def test_a_percentile_is_one_of_the_values() -> None:
    values = [5.0, 1.0, 3.0, 2.0, 4.0]
    assert [percentile(values, each) for each in (0, 50, 99, 100)] == [1.0, 3.0, 5.0, 5.0]


def test_the_floor_runs_a_job(tmp_path: Path) -> None:
    done = tmp_path / "done"
    with floor(tmp_path) as least, least.agent(1) as agent, closing(Connection(least.url)) as to:
        least.submit(to, f"touch {done}")
        agent.until(done.exists, "the job")
    assert done.exists()


def test_the_floor_of_artifacts_copies_a_file(tmp_path: Path) -> None:
    assert artifacts.floor_seconds(tmp_path, 3_000_000) > 0
    assert list(tmp_path.iterdir()) == []


def test_the_tick_of_a_few_machines_is_measured() -> None:
    figures = {figure.name: figure for figure in tick.measure(regions=1, types=2, each=1)}
    assert figures["tick.machines"].value == 2
    assert figures["tick.calls_idle"].reached
    assert figures["tick.calls"].value > 0


def test_the_cost_of_hiding_secrets_is_measured() -> None:
    figures = {figure.name: figure.value for figure in masking.measure(megabytes=1, rounds=1)}
    assert set(figures) >= {"masking.none", "masking.one", "masking.many_ratio"}
    assert all(value > 0 for value in figures.values())


def _named(value: object) -> str:
    return getattr(value, "__name__", "")


def _measured(subject, sizes) -> set[str]:
    """Names of figures. In a thread of its own: where a browser is open, this one has a loop of
    events already. The thread finds the server that we use, if we use one."""
    with ThreadPoolExecutor(1) as thread:
        measure = partial(copy_context().run, lambda: list(subject.measure(**sizes)))
        figures = {figure.name for figure in thread.submit(measure).result()}
    gc.collect()  # a benchmark leaves its connections to the end of its process
    return figures


@pytest.mark.parametrize(
    ("subject", "sizes", "figures"),
    [
        (pages, {"rows": 2, "times": 1, "polls": 1}, {"pages.runners_p50", "pages.poll_p50"}),
        (agent, {"seconds": 0.1, "starts": 1}, {"agent.version_p50", "agent.idle_core"}),
        (dispatch, {"times": 1}, {"dispatch.p50"}),
    ],
    ids=_named,
)
@LEAVES_CONNECTIONS
def test_each_subject_is_measured(server: Server, subject, sizes, figures) -> None:
    assert figures <= _measured(subject, sizes)


@pytest.mark.parametrize(
    ("subject", "sizes", "figures"),
    [
        (fleet, {"runners": 2, "times": 1, "seconds": 0.1}, {"fleet.dispatch_p99"}),
        (
            load,
            {"size": Size(runners=2, queued=2, rate=10, pages=1, seconds=1)},
            {"load.lost", "load.page_p99"},
        ),
        (throughput, {"jobs": 2}, {"throughput.ratio"}),
    ],
    ids=_named,
)
@LEAVES_CONNECTIONS
def test_what_looks_at_processes_and_files_is_measured_on_a_server_of_its_own(
    subject, sizes, figures
) -> None:
    assert figures <= _measured(subject, sizes)


def test_growth_is_measured_at_each_size() -> None:
    sizes = {what: (3,) for what in growth.SIZES}
    figures = {figure.name: figure.value for figure in growth.measure(sizes, times=1)}
    for what in sizes:
        calls = {"idle_poll", "job", "runs", "runs_news", "runners", "runners_news", "tick"}
        assert {f"growth.{what}_3.{call}" for call in calls} <= figures.keys()
    assert all(value > 0 for value in figures.values())
