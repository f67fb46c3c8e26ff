"""What processes say to each other."""

from collections import Counter

import pytest

from webapp.engine.resources import Ask
from webapp.spoken import heard, said

KINDS = Counter({Ask(): 2, Ask(gpu_count=1, gpu_name="T4", labels=frozenset({"b", "a"})): 1})


@pytest.mark.parametrize("demand", [KINDS, Counter(), None])
def test_what_is_heard_is_what_was_said(demand):
    assert heard(said("jobs", demand, "me")) == ("jobs", demand, "me")


def test_it_is_heard_from_bytes_too():
    assert heard(said("log:1", Counter()).encode()) == ("log:1", Counter(), "")
