"""The same attacks each time; `make fuzz` tries others, for longer."""

import pytest

from tests.conftest import make_app, test_settings
from tests.fuzz.house import House
from tests.fuzz.lengths import FIXED
from tests.fuzz.malicious_runner import attack
from webapp.extensions import db


@pytest.fixture
def house(template, tmp_path):
    app = make_app(template, test_settings(tmp_path, poll_seconds=0.01))
    with app.app_context():
        yield House(app)
        db.session.remove()
        db.engine.dispose()


def test_whatever_a_runner_says_it_harms_nobody_else(house):
    attack(house, FIXED)
    taken = {call for call in house.tally if call.endswith(" 200")}
    refused = {call.rpartition(" ")[0] for call in house.tally if " 4" in call}
    assert len(taken) > 5 and len(refused) > 12, house.tally
