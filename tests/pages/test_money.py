import re

import pytest

from tests.pages.aws_scene import a_limit, a_machine
from tests.pages.scene import text_of
from webapp.pages.money import dollars


def poll_of(answer) -> str:
    found = re.search(r'id="money" hx-get="([^"]+)"', answer.text)
    assert found, "no amounts are shown"
    return found[1].replace("&amp;", "&")


def test_everybody_sees_the_amounts_on_the_runners_page(viewer, configured, clock):
    a_machine(a_limit(3))
    clock.advance(1800)
    text = text_of(viewer.get("/runners"))
    assert "An hour now $0.0800" in text
    assert "Today (UTC) $0.0400" in text
    assert "An hour at worst $0.2400" in text


def test_a_poll_brings_amounts_only_when_they_changed(viewer, configured, clock):
    a_machine(a_limit(3))
    poll = poll_of(viewer.get("/runners"))
    assert viewer.get(poll).status_code == 204
    clock.advance(1800)
    assert "$0.0400" in viewer.get(poll).text


def test_a_machine_without_a_known_price_is_told_apart(viewer, configured):
    a_machine(a_limit(3), price=None)
    assert "1 machine whose price is not known" in text_of(viewer.get("/money"))


def test_a_runner_shows_what_its_machine_is_and_costs(viewer, configured, clock):
    machine = a_machine(a_limit(3))
    clock.advance(3600)
    text = text_of(viewer.get(f"/runners/{machine.runner.name}"))
    assert f"EC2 instance {machine.ec2_id} Zone eu-west-1a Price $0.0800 an hour" in text
    assert f"Spot request {machine.request_id}" in text
    assert "Cost until now $0.0800" in text
    assert "Billed since 1 hour ago" in text


def test_where_no_machine_can_cost_anything_no_amount_is_shown(viewer):
    assert 'id="money"' not in viewer.get("/runners").text
    assert viewer.get("/money").status_code == 404


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "$0.00"),
        (0.0384, "$0.0384"),
        (0.00001, "under $0.0001"),
        (12.3, "$12.30"),
        (1234.5, "$1,234.50"),
    ],
)
def test_dollars_have_four_digits_while_they_are_few(amount, words):
    assert dollars(amount) == words


def test_nobody_sees_them_without_a_session(anonymous, configured):
    assert anonymous.get("/money").status_code == 303
