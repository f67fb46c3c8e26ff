"""Money, from the rows of machines that really lived."""

import pytest

from tests.tasks.house import House
from webapp.engine.money import HOUR, per_hour, spent
from webapp.extensions import db
from webapp.models.bill import billed, billed_runner, cost_of_run
from webapp.models.job import Job
from webapp.tasks.refresh_prices import refresh_prices


def test_a_machine_is_billed_from_launch_to_ec2s_word_at_the_price_of_its_zone(house: House):
    house.limit(1)
    refresh_prices(house.clock())
    instance = house.booted()
    price = instance.price
    assert price and per_hour(billed(0)).dollars == price
    began = billed_runner(instance.runner_id).since
    assert spent(billed(0), 0, began + HOUR).dollars == pytest.approx(price)
    house.finish(instance.runner)
    house.clock.advance(301)
    house.until(lambda: house.instance_status() == "terminated", "terminated")
    assert per_hour(billed(0)).dollars == 0
    assert billed(house.clock() + 1) == []


def test_a_run_pays_for_the_time_of_its_jobs(house: House):
    house.limit(1)
    refresh_prices(house.clock())
    instance = house.booted()
    run_id = db.session.query(Job).one().run_id
    house.clock.advance(3600)
    assert cost_of_run(run_id, house.clock()) == pytest.approx(instance.price, rel=0.01)
    house.finish(instance.runner)
    cost = cost_of_run(run_id, house.clock())
    assert cost_of_run(run_id, house.clock() + HOUR) == cost
