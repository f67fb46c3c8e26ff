"""What machines cost."""

import pytest

from webapp.engine.money import HOUR, Amount, Billed, per_hour, share, spent, worst_case


def test_an_hour_costs_the_sum_of_what_is_billed_now():
    machines = [Billed(0.5, 0), Billed(0.25, 0), Billed(9.0, 0, 10), Billed(None, 0)]
    assert per_hour(machines) == Amount(0.75, 1)


@pytest.mark.parametrize(
    "since, until, dollars",
    [
        (0, None, 2.0),  # the whole window
        (HOUR, None, 1.0),  # launched in it
        (-5 * HOUR, HOUR, 1.0),  # launched before it, ended in it
        (-5 * HOUR, -HOUR, 0.0),  # over before it
    ],
)
def test_only_the_part_inside_the_window_counts(since, until, dollars):
    assert spent([Billed(1.0, since, until)], 0, 2 * HOUR).dollars == pytest.approx(dollars)


def test_the_worst_case_uses_every_limit_up_and_says_what_it_cannot_price():
    assert worst_case([(3, 0.5), (2, 1.0), (4, None)]) == Amount(3.5, 4)


def test_jobs_at_the_same_time_share_the_price_of_their_machine():
    mine, other = (0, HOUR), (HOUR // 2, HOUR)
    assert share(Billed(1.0, 0), [mine, other], [mine]) == pytest.approx(0.75)
    assert share(Billed(1.0, 0), [mine], [mine]) == pytest.approx(1.0)
    assert share(Billed(None, 0), [mine], [mine]) == 0
