"""A short, fixed part of `make simulate`."""

import pytest

from tests.simulation.script import read, storm
from tests.simulation.story import play

SEEDS = (2, 6, 8)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_breaks_in_a_storm(seed):
    outcome = play(storm(seed))
    assert outcome.problem == "", f"make simulate SEED={seed} shows how"


def test_the_same_script_is_the_same_story():
    script = storm(8).only(list(storm(8).acts[:20]))
    assert play(script).tally.story == play(read(script.lines())).tally.story
