"""That each deliberate bug can still be made; `make mutants` shows that each is caught."""

import pytest

from tests.mutants.every import EVERY
from tests.mutants.mutant import ROOT


@pytest.mark.parametrize("mutant", EVERY, ids=lambda each: each.name)
def test_it_still_applies(mutant):
    assert [patch.problem() for patch in mutant.patches if patch.problem()] == []


def test_there_is_one_for_each_rule():
    assert {each.rule for each in EVERY} >= {str(number) for number in range(1, 26)}


def test_their_names_differ_and_their_tests_are_there():
    assert len({each.name for each in EVERY}) == len(EVERY)
    assert [path for each in EVERY for path in each.tests if not (ROOT / path).exists()] == []
