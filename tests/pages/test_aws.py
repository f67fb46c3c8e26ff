import pytest

from tests.pages.aws_scene import (
    ACCESS_KEY,
    SECRET_KEY,
    a_limit,
    a_machine,
    account,
    refused_for,
)
from tests.pages.scene import poll_of, text_of
from tests.people import TESTS
from webapp.clock import now
from webapp.models.aws_account import Keys, checked, set_keys
from webapp.models.region import not_observed
from webapp.models.transaction import writing

RESULT = {
    "ok": False,
    "sentence": "The keys work, but these permissions are missing: ec2:RequestSpotInstances.",
    "account": "123456789012",
    "arn": "arn:aws:iam::123456789012:user/ada",
    "permissions": [
        {"action": "ec2:DescribeImages", "purpose": "find the image", "refusal": None},
        {
            "action": "ec2:RequestSpotInstances",
            "purpose": "ask for spot machines",
            "refusal": "You are not authorized to perform this operation.",
        },
    ],
    "regions": {"eu-west-1": "There is no default network in eu-west-1."},
}


def test_without_keys_it_says_what_they_are_for(admin):
    text = text_of(admin.get("/settings/aws"))
    assert "Enter AWS keys" in text
    assert "Stop everything" not in text


def test_the_keys_are_shown_masked_only(admin, configured):
    page = admin.get("/settings/aws").text
    assert "AKIA************MPLE" in page
    assert ACCESS_KEY not in page
    assert SECRET_KEY not in page


def test_the_hosts_own_credentials_are_named_as_such(admin, app, people):
    with writing():
        set_keys(TESTS, Keys(), now())
    assert "The host's own AWS credentials are used" in admin.get("/settings/aws").text.replace(
        "&#39;", "'"
    )


def test_a_limit_shows_what_it_is_and_what_it_costs(admin, configured):
    a_machine(a_limit(5))
    text = text_of(admin.get("/settings/aws"))
    assert "Europe/Ireland (eu-west-1) m5.xlarge CPU 4, Memory 16GiB Spot 5" in text
    assert "1 $0.0800 an hour" in text


def test_the_worst_case_is_every_limit_used_up(admin, configured):
    a_limit(5)
    assert "An hour at worst $0.4000" in text_of(admin.get("/settings/aws"))


def test_the_result_of_a_check_is_told_permission_by_permission(admin, configured):
    with writing():
        checked(TESTS, RESULT, now())
    text = text_of(admin.get("/settings/aws"))
    assert "granted: ec2:DescribeImages to find the image" in text
    assert "missing: ec2:RequestSpotInstances" in text
    assert "You are not authorized to perform this operation." in text
    assert "There is no default network in eu-west-1." in text


@pytest.mark.parametrize("state", ["there", "missing", "not known"])
def test_what_is_known_of_the_role_for_spot_machines_is_told(admin, configured, state):
    role = {"state": state, "words": "EC2 said so."}
    with writing():
        checked(TESTS, {**RESULT, "ok": True, "role": role}, now())
    text = text_of(admin.get("/settings/aws"))
    assert f"AWSServiceRoleForEC2Spot , through which EC2 launches spot machines: {state}." in text
    assert "EC2 said so." in text


def test_a_region_that_does_not_answer_is_told_with_the_next_try(admin, configured):
    with writing():
        not_observed("eu-west-1", "silence", "EC2 did not answer.", now())
    text = text_of(admin.get("/settings/aws"))
    assert "Europe/Ireland cannot be looked at: EC2 did not answer. Next try" in text


def test_an_address_that_no_machine_can_reach_is_warned_of(admin, configured):
    assert "only this computer can open" in admin.get("/settings/aws").text
    elsewhere = admin.get("/settings/aws", base_url="https://runners.example.org")
    assert "only this computer can open" not in elsewhere.text


def test_the_policy_has_the_action_that_exists(admin, configured):
    page = admin.get("/settings/aws").text
    assert "ec2:CreateSecurityGroup&#34;" in page
    assert page.count("ec2:RunInstances&#34;") == 1


def test_a_poll_brings_nothing_while_nothing_changes(admin, configured):
    assert admin.get(poll_of(admin.get("/settings/aws"))).status_code == 204


def test_a_poll_brings_a_limit_that_somebody_added(admin, configured):
    poll = poll_of(admin.get("/settings/aws"))
    a_limit(7)
    answer = admin.get(poll)
    assert answer.status_code == 200
    assert "m5.xlarge" in answer.text


def test_rules_are_kept(admin, configured):
    rules = {"region": "eu-west-1", "idle_seconds": "0", "boot_seconds": "300"}
    answer = admin.post("/settings/aws/rules", data={**rules, "maximum_price": "0.5"})
    assert answer.status_code == 303
    row = account()
    assert (row.region, row.idle_seconds, row.boot_seconds) == ("eu-west-1", 0, 300)
    assert (row.maximum_price, row.lifetime_seconds) == (0.5, None)


def test_a_wrong_rule_is_told_at_its_field_and_nothing_is_lost(admin, configured):
    rules = {"region": "", "idle_seconds": "77", "boot_seconds": "5"}
    answer = admin.post("/settings/aws/rules", data=rules)
    assert answer.status_code == 400
    assert "From 60 to 7200 seconds." in answer.text
    assert 'value="77"' in answer.text
    assert account().boot_seconds == 600


def test_rules_need_keys(admin):
    answer = admin.post("/settings/aws/rules", data={}, follow_redirects=True)
    assert "Enter keys first." in answer.text


def test_only_an_admin_sees_it(anonymous, viewer, member):
    addresses = ("/settings/aws", "/settings/aws/changes", "+/settings/aws/rules")
    assert refused_for(viewer, *addresses) == [403, 403, 403]
    assert refused_for(member, *addresses) == [403, 403, 403]
    assert refused_for(anonymous, *addresses) == [303, 303, 303]
