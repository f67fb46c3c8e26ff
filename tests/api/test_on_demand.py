import threading

import pytest

from tests.people import TESTS, bearer
from tests.waiting import eventually
from webapp.clock import now
from webapp.extensions import db
from webapp.models.aws_account import Keys, aws_account, set_keys, set_rules
from webapp.models.catalogue import CatalogueRegion, keep_offerings, keep_regions
from webapp.models.limit import limits
from webapp.models.limit_trouble import blame_boot
from webapp.models.transaction import writing

M5 = {
    "instance_type": "m5.xlarge",
    "cpu_milli": 4000,
    "memory_mib": 16384,
    "gpus": [],
    "arch": "x86_64",
    "purchase_types": ["spot"],
    "zones": ["eu-west-1a"],
}
KEYS = Keys("AKIAIOSFODNN7EXAMPLE", "a secret key of forty characters in all")
WISH = {"region_name": "eu-west-1", "instance_type": "m5.xlarge", "purchase_type": "spot"}


@pytest.fixture
def configured(app, people):
    with writing():
        set_keys(TESTS, KEYS, now())
        set_rules(TESTS, now(), region="eu-west-1")
        keep_regions([("eu-west-1", True), ("af-south-1", False), ("us-east-1", True)], now())
        keep_offerings("eu-west-1", [M5], now())


@pytest.fixture
def call(anonymous, people):
    def post(path, role="admin", **body):
        return anonymous.post(f"/api/on-demand/{path}", json=body, headers=bearer(role))

    return post


def test_it_adds_a_limit_whose_maximum_came_as_a_string(configured, call, anonymous):
    assert call("limits/set", **WISH, maximum="5").status_code == 200
    (limit,) = anonymous.get("/api/on-demand/limits/query", headers=bearer("viewer")).json["limits"]
    assert (limit["region_name"], limit["maximum"]) == ("eu-west-1", 5)
    assert limit["resources"]["memory_mib"] == 16384
    assert limit["availability_issues_at"] is None


def test_a_limit_that_tripped_says_so(configured, call, anonymous):
    call("limits/set", **WISH, maximum="5")
    with writing():
        for _ in range(3):
            blame_boot(limits()[0].id, "no call within 10 min", now())
    (limit,) = anonymous.get("/api/on-demand/limits/query", headers=bearer("viewer")).json["limits"]
    told = "Tripped after 3 failed boots: no call within 10 min"
    assert limit["availability_issues_message"] == told
    assert limit["availability_issues_at"] is not None


def test_it_changes_the_maximum_of_a_limit_that_is_there(configured, call):
    call("limits/set", **WISH, maximum="5")
    call("limits/set", **WISH, maximum=2)
    assert [limit.maximum for limit in limits()] == [2]


def test_a_null_region_is_the_default_one(configured, call):
    assert call("limits/set", **{**WISH, "region_name": None}, maximum="1").status_code == 200
    assert limits()[0].region == "eu-west-1"


@pytest.mark.parametrize(
    ("changes", "status", "message"),
    [
        ({"region_name": "mars-1"}, 404, "region not found"),
        ({"instance_type": "m5.huge"}, 404, "instance type not found"),
        ({"purchase_type": "on-demand"}, 400, "m5.xlarge cannot be bought as on-demand."),
        ({"purchase_type": "stolen"}, 400, "Choose spot or on-demand."),
        (
            {"maximum": "0"},
            400,
            "At least 1. To have no machines, switch the limit off or delete it.",
        ),
        ({"maximum": "1000000000"}, 400, "At most 10000: is there a digit too many?"),
        ({"maximum": "many"}, 400, "Give a whole number of machines, 1 or more."),
    ],
)
def test_it_says_what_is_wrong_with_a_limit(configured, call, changes, status, message):
    answer = call("limits/set", **{**WISH, "maximum": "5", **changes})
    assert (answer.status_code, answer.json["message"]) == (status, message)
    assert limits() == []
    assert list(answer.json["fields"]) == list(changes), "the field is named as it was sent"


def test_a_region_whose_types_are_not_known_yet_is_worth_another_try(configured, call):
    answer = call("limits/set", **{**WISH, "region_name": "us-east-1"}, maximum="5")
    assert (answer.status_code, answer.json["code"]) == (409, "not_yet")
    assert "try again in a few seconds" in answer.json["message"]


def test_it_waits_for_what_a_region_offers_because_the_client_does_not_try_again(app, configured):
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"poll_seconds": 20})
    headers, client, answers = bearer("admin"), app.test_client(), []
    wish = {**WISH, "region_name": "us-east-1", "maximum": "5"}

    def ask():
        answers.append(client.post("/api/on-demand/limits/set", json=wish, headers=headers))

    def wanted():
        db.session.rollback()
        return db.session.get(CatalogueRegion, "us-east-1").wanted_at

    asking = threading.Thread(target=ask)
    asking.start()
    eventually(wanted, what="somebody who wants to know")
    with writing():
        keep_offerings("us-east-1", [M5], now())
    asking.join(timeout=10)
    assert [answer.status_code for answer in answers] == [200]


def test_right_after_the_keys_even_the_regions_are_worth_another_try(people, call):
    with writing():
        set_keys(TESTS, KEYS, now())
    assert call("limits/set", **WISH, maximum="5").status_code == 409


def test_a_region_that_is_not_enabled_is_named(configured, call):
    answer = call("limits/set", **{**WISH, "region_name": "af-south-1"}, maximum="5")
    assert "not enabled in this AWS account" in answer.json["message"]


def test_there_are_no_limits_without_an_account(call):
    answer = call("limits/set", **WISH, maximum="5")
    assert (answer.status_code, answer.json["message"]) == (400, "aws is not configured")


def test_it_deletes_one_limit(configured, call):
    call("limits/set", **WISH, maximum="5")
    assert call("limits/delete", **WISH).status_code == 200
    answer = call("limits/delete", **WISH)
    assert (answer.status_code, answer.json["message"]) == (404, "limit not found")


def test_it_deletes_all_limits(configured, call):
    call("limits/set", **WISH, maximum="5")
    assert call("limits/clear").status_code == 200
    assert limits() == []


def test_the_switch_goes_off_and_on(configured, call):
    assert call("settings").json == {"enabled": True, "read_only": False}
    assert call("settings/update", enabled=False).status_code == 200
    assert call("settings").json["enabled"] is False
    assert not aws_account().enabled


@pytest.mark.parametrize("path", ["settings/update", "limits/set", "limits/delete", "limits/clear"])
def test_only_an_admin_changes_anything(configured, call, path):
    assert call(path, role="member").status_code == 403


def test_nobody_without_a_token_sees_the_limits(anonymous, people):
    assert anonymous.get("/api/on-demand/limits/query").status_code == 401


def test_a_misspelt_field_is_named(configured, call):
    answer = call("limits/set", **WISH, maximum="5", maximun="6")
    assert answer.status_code == 400
    assert "maximun" in answer.json["fields"]
