"""The benchmarks still run; with sizes so small that their numbers say nothing."""

from contextlib import closing
from pathlib import Path

import pytest

from benchmarks import masking, tick
from benchmarks.connection import Connection
from benchmarks.figures import Figure, percentile
from benchmarks.floor import floor


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


def test_the_tick_of_a_few_machines_is_measured() -> None:
    figures = {figure.name: figure for figure in tick.measure(regions=2, types=2, each=1)}
    assert figures["tick.machines"].value == 4
    assert figures["tick.calls_idle"].reached
    assert figures["tick.calls"].value > 0


def test_the_cost_of_hiding_secrets_is_measured() -> None:
    figures = {figure.name: figure.value for figure in masking.measure(megabytes=1, rounds=1)}
    assert set(figures) >= {"masking.none", "masking.one", "masking.many_ratio"}
    assert all(value > 0 for value in figures.values())
