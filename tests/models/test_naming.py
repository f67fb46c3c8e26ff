import re

import pytest

from webapp.models import naming
from webapp.models.transaction import writing


@pytest.fixture
def one_word(monkeypatch):
    """Of all words only the first is chosen."""
    monkeypatch.setattr(naming.secrets, "choice", lambda words: words[0])


def test_a_run_is_called_adjective_animal_number(app):
    with writing():
        name = naming.name_for_run()
    assert re.fullmatch(r"[a-z]+-[a-z]+-1", name)


def test_a_number_counts_up_for_each_pair_of_words(app, one_word):
    with writing():
        assert naming.name_for_run() == "able-alpaca-1"
        assert naming.name_for_run() == "able-alpaca-2"


def test_runners_count_apart_from_runs(app, one_word):
    with writing():
        naming.name_for_run()
        assert naming.name_for_on_demand_runner() == "able-alpaca-1"
        assert naming.name_for_self_hosted_runner() == "anise-1"


def test_a_name_is_given_only_in_a_transaction(app):
    with pytest.raises(RuntimeError):
        naming.name_for_run()
