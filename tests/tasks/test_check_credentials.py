"""The check of the keys, and the caches that it and the limits need."""

from tests.tasks.house import ADA, REGION, House
from webapp.extensions import db
from webapp.models.aws_account import aws_account, want_check
from webapp.models.catalogue import CatalogueRegion, lowest_prices, offering, zone_prices
from webapp.models.instance import Instance
from webapp.models.region import Region
from webapp.models.transaction import writing
from webapp.tasks.check_credentials import check_credentials
from webapp.tasks.refresh_catalogue import refresh_catalogue
from webapp.tasks.refresh_prices import refresh_prices


def checked(house: House) -> dict:
    with writing():
        want_check(ADA, house.clock())
    assert check_credentials(house.clock()) == 1
    db.session.expire_all()
    return aws_account().check_result


def test_good_keys_are_good_and_the_first_launch_finds_its_ground(house: House):
    house.limit()
    result = checked(house)
    assert result["ok"], result
    assert result["account"] and "practice" in result["arn"]
    assert all(each["refusal"] is None for each in result["permissions"])
    assert db.session.get(Region, REGION).ground["group_id"].startswith("sg-")


def test_it_checks_only_when_asked(house: House):
    checked(house)
    assert check_credentials(house.clock()) == 0


def test_each_missing_permission_is_named_with_awss_words(house: House):
    actions = house.aws.knobs()["iam_actions"]
    house.aws.knobs(iam_actions=[a for a in actions if a != "ec2:TerminateInstances"])
    result = checked(house)
    house.aws.knobs(iam_actions=actions)
    assert not result["ok"]
    assert "ec2:TerminateInstances" in result["sentence"]
    (refused,) = [each for each in result["permissions"] if each["refusal"]]
    assert "UnauthorizedOperation" in refused["refusal"]


def test_without_any_sign_the_role_for_spot_machines_is_not_known(house: House):
    result = checked(house)
    assert result["role"]["state"] == "not known"
    assert result["ok"] and "that shows when the first machine is asked for" in result["sentence"]


def test_after_a_launch_the_role_is_known_to_be_there(house: House):
    house.limit()
    house.submit()
    house.tick()
    result = checked(house)
    assert (result["role"]["state"], result["ok"]) == ("there", True)
    assert result["sentence"] == "The keys work, and nothing is missing."


def test_a_request_of_somebody_else_in_the_account_shows_it_too(house: House):
    house.limit()
    house.submit()
    house.tick()
    mine = house.instance().id
    with writing():
        db.session.delete(db.session.get(Instance, mine))
    result = checked(house)
    assert result["role"]["state"] == "there"
    assert "sir-" in result["role"]["words"]


def test_after_a_launch_that_was_refused_for_it_the_role_is_missing(house: House):
    house.aws.knobs(service_linked_role=False)
    house.limit()
    house.submit()
    house.tick()
    result = checked(house)
    assert not result["ok"] and "role" in result["sentence"]
    assert result["role"]["state"] == "missing"
    assert "EC2 refused a request for want of it" in result["role"]["words"]
    assert all(each["refusal"] is None for each in result["permissions"])


def test_a_dry_run_that_notices_names_the_role_and_no_permission(house: House):
    code = "AuthFailure.ServiceLinkedRoleCreationNotPermitted"
    house.aws.fault("RequestSpotInstances", code=code, times=2)
    result = checked(house)
    assert result["role"]["state"] == "missing"
    assert all(each["refusal"] is None for each in result["permissions"])


def test_revoked_keys_are_a_sentence(house: House):
    house.aws.knobs(revoked_keys=[house.aws.ready["access_key_id"]])
    result = checked(house)
    house.aws.knobs(revoked_keys=[])
    assert not result["ok"] and result["sentence"]


def test_a_region_without_a_network_is_named(house: House):
    house.limit()
    house.aws.knobs(regions_without_default_vpc=[REGION])
    result = checked(house)
    house.aws.knobs(regions_without_default_vpc=[])
    assert "default network (VPC)" in result["regions"][REGION]


def test_the_catalogue_of_a_needed_region_is_fetched_once_a_day(house: House):
    house.limit()
    with writing():
        db.session.get(CatalogueRegion, REGION).refreshed_at = None
    assert refresh_catalogue(house.clock()) == 1
    assert refresh_catalogue(house.clock()) == 0
    found = offering(REGION, "g4dn.xlarge")
    assert found.gpus == [{"name": "T4", "memory_mib": 16384}]
    assert "spot" in found.purchase_types


def test_what_is_known_stays_usable_when_ec2_fails(house: House):
    house.limit()
    with writing():
        db.session.get(CatalogueRegion, REGION).refreshed_at = None
    house.aws.fault("DescribeInstanceType.*", code="InternalError")
    refresh_catalogue(house.clock())
    db.session.expire_all()
    assert "InternalError" in db.session.get(CatalogueRegion, REGION).error
    assert offering(REGION, "m5.xlarge")


def test_prices_are_kept_for_the_types_of_limits_and_refreshed_when_old(house: House):
    house.limit()
    assert refresh_prices(house.clock()) == 3
    assert refresh_prices(house.clock()) == 0
    prices = zone_prices(REGION, "m5.xlarge")
    assert lowest_prices()[REGION, "m5.xlarge"] == (min(prices.values()), house.clock())
    house.clock.advance(15 * 60)
    assert refresh_prices(house.clock()) == 3
