from dataclasses import replace

import pytest

from webapp.engine.kinds import kind_of
from webapp.engine.resources import Ask

CHANGES = [
    {"cpu_milli": 1001},
    {"memory_mib": 1},
    {"shm_mib": 1},
    {"gpu_count": 1},
    {"gpu_name": "V100"},
    {"gpu_memory_mib": 1},
    {"labels": frozenset({"ssd"})},
    {"container": True},
    {"interruptible": False},
    {"interruptible": True},
]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_differs_makes_another_kind(change):
    assert kind_of(replace(Ask(), **change)) != kind_of(Ask())


def test_what_asks_the_same_is_of_one_kind():
    some, same = (Ask(labels=frozenset(names)) for names in (["a", "b", "ö"], ["ö", "b", "a"]))
    assert kind_of(some) == kind_of(same)
    # It is stored: it has to stay what it is.
    assert kind_of(Ask()) == "672f3aaa8ac395b63b22"
