"""Spot prices: believable, different per zone, moving, and in pages."""

from datetime import UTC, datetime, timedelta
from typing import Any

from aws_simulator.ec2 import prices, types
from tests.aws_simulator.cloud import Cloud

NOW = datetime(2026, 6, 1, tzinfo=UTC).timestamp()


def asked(cloud: Cloud, **changes: Any) -> list[dict[str, Any]]:
    now = {"StartTime": datetime.now(UTC), "ProductDescriptions": ["Linux/UNIX"]}
    answer = cloud.ec2.describe_spot_price_history(**{**now, **changes})
    return list(answer["SpotPriceHistory"])


def test_the_price_of_now_is_one_per_zone(entries: Cloud) -> None:
    found = asked(entries, InstanceTypes=["m5.large", "g5.xlarge"])
    zones = {(each["InstanceType"], each["AvailabilityZone"]) for each in found}
    assert len(found) == len(zones) == 6
    assert len({each["SpotPrice"] for each in found}) == 6
    assert all(each["Timestamp"] <= datetime.now(UTC) for each in found)


def test_filters_narrow_it(entries: Cloud) -> None:
    by = {"instance-type": "m5.large", "availability-zone": "eu-west-1b"}
    filters = [{"Name": name, "Values": [value]} for name, value in by.items()]
    filters.append({"Name": "product-description", "Values": ["Linux/UNIX"]})
    found = entries.ec2.describe_spot_price_history(StartTime=datetime.now(UTC), Filters=filters)
    assert len(found["SpotPriceHistory"]) == 1


def test_the_past_is_a_row_of_changing_prices(entries: Cloud) -> None:
    # At 60 to 1 three simulated hours are three minutes.
    found = asked(
        entries,
        InstanceTypes=["m5.large"],
        AvailabilityZone="eu-west-1a",
        StartTime=datetime.now(UTC) - timedelta(minutes=30),
    )
    assert 10 <= len(found) <= 12
    assert len({each["SpotPrice"] for each in found}) > 8
    times = [each["Timestamp"] for each in found]
    assert times == sorted(times, reverse=True)


def test_all_types_come_in_pages(entries: Cloud) -> None:
    pages = entries.ec2.get_paginator("describe_spot_price_history").paginate(
        StartTime=datetime.now(UTC), ProductDescriptions=["Linux/UNIX"]
    )
    found = [each for page in pages for each in page["SpotPriceHistory"]]
    keys = {(each["InstanceType"], each["AvailabilityZone"]) for each in found}
    assert len(keys) == len(found) > 2000


def test_a_request_pays_no_more_than_on_demand() -> None:
    for name in ("t3.micro", "m5.large", "c7g.4xlarge", "g5.xlarge", "p4d.24xlarge"):
        for step in range(100):
            assert (
                0.2
                < prices.spot(name, "us-east-1a", step) / prices.on_demand(name, "us-east-1")
                < 0.6
            )


def test_prices_are_near_those_of_aws() -> None:
    # Dollars an hour in us-east-1 as AWS lists them: m5.large 0.096, c5.xlarge 0.17,
    # g5.xlarge 1.006, g4dn.xlarge 0.526.
    listed = {"m5.large": 0.096, "c5.xlarge": 0.17, "g5.xlarge": 1.006, "g4dn.xlarge": 0.526}
    for name, price in listed.items():
        assert 0.7 < prices.on_demand(name, "us-east-1") / price < 1.4


def test_the_same_moment_has_the_same_price_and_later_moves() -> None:
    step = prices.step_at(NOW, 1)
    assert prices.spot("m5.large", "eu-west-1a", step) == prices.spot(
        "m5.large", "eu-west-1a", step
    )
    assert prices.spot("m5.large", "eu-west-1a", step + 1) != prices.spot(
        "m5.large", "eu-west-1a", step
    )


def test_every_type_has_a_quota_class() -> None:
    assert types.quota_class("m5.large") == types.quota_class("t3.micro") == "standard"
    assert types.quota_class("g5.xlarge") == types.quota_class("vt1.3xlarge") == "g"
    assert types.quota_class("p4d.24xlarge") == "p"
    assert types.quota_class("inf2.xlarge") == "inf"
