from tests.tasks.house import KEY
from webapp.models.catalogue import price_of
from webapp.models.price_wish import KEPT_MS, prices_wished, wish_price
from webapp.models.transaction import writing
from webapp.tasks.refresh_prices import refresh_prices


def test_it_keeps_the_prices_of_limits(house):
    house.limit()
    assert refresh_prices(house.clock()) > 0
    assert price_of(KEY)[0] > 0


def test_a_price_that_is_fresh_is_not_asked_for_again(house):
    house.limit()
    refresh_prices(house.clock())
    assert refresh_prices(house.clock()) == 0


def test_it_keeps_the_price_of_a_type_that_somebody_looks_at(house):
    with writing():
        wish_price(KEY.region, KEY.instance_type, house.clock())
    assert refresh_prices(house.clock()) > 0
    assert price_of(KEY)[0] > 0


def test_after_an_hour_nobody_looks_at_it_any_more(house):
    with writing():
        wish_price(KEY.region, KEY.instance_type, house.clock())
    house.clock.moment += KEPT_MS + 1
    assert refresh_prices(house.clock()) == 0
    with writing():
        wish_price(KEY.region, "c5.large", house.clock())
    assert prices_wished(0) == [(KEY.region, "c5.large")]


def test_without_limits_and_wishes_nothing_is_asked(house):
    assert refresh_prices(house.clock()) == 0
    assert "DescribeSpotPriceHistory" not in house.aws.state()["calls"]
