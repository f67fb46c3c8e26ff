import pytest

from tests.pages.aws_scene import (
    ACCESS_KEY,
    SECRET_KEY,
    a_limit,
    a_machine,
    account,
    happened,
    refused_for,
)
from tests.pages.scene import text_of
from webapp.models.instance import living_instances

GOOD = {"source": "keys", "access_key_id": ACCESS_KEY, "secret_access_key": SECRET_KEY}


def test_keys_are_kept_and_a_check_is_asked_for(admin):
    assert admin.post("/settings/aws/keys", data=GOOD).status_code == 303
    row = account()
    assert (row.access_key_id, row.secret_access_key) == (ACCESS_KEY, SECRET_KEY)
    assert row.check_wanted_at is not None
    assert happened("AWS keys set") == [("ada", "AKIA************MPLE")]


def test_spaces_around_a_pasted_key_do_not_count(admin):
    admin.post("/settings/aws/keys", data={**GOOD, "access_key_id": f"  {ACCESS_KEY}\n"})
    assert account().access_key_id == ACCESS_KEY


def test_the_hosts_own_credentials_are_chosen_explicitly(admin):
    admin.post("/settings/aws/keys", data={"source": "chain"})
    row = account()
    assert (row.source, row.access_key_id) == ("chain", None)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"access_key_id": ""}, "Give the id"),
        ({"access_key_id": "not a key"}, "Give the id"),
        ({"secret_access_key": ""}, "Give the secret key"),
        ({"secret_access_key": "with a space in the middle"}, "Give the secret key"),
        ({"source": "elsewhere"}, "Not a valid choice"),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_kept(admin, changes, told):
    answer = admin.post("/settings/aws/keys", data={**GOOD, **changes})
    assert answer.status_code == 400
    assert told in answer.text
    assert account() is None


def test_a_secret_that_was_typed_does_not_come_back_in_the_page(admin):
    answer = admin.post("/settings/aws/keys", data={**GOOD, "access_key_id": ""})
    assert SECRET_KEY not in answer.text


def test_keys_stay_while_machines_live_and_the_page_names_them(admin, configured):
    name = a_machine(a_limit()).runner.name
    for address in ("/settings/aws/keys", "/settings/aws/delete"):
        assert name in admin.get(address).text
        assert name in admin.post(address, data=GOOD).text
    assert account() is not None


def test_the_machines_can_be_drained_from_there(admin, configured):
    a_machine(a_limit())
    answer = admin.post("/settings/aws/drain", follow_redirects=True)
    assert "1 told to end after their jobs" in answer.text
    assert [each.wish for each in living_instances()] == ["drain"]


def test_deleting_asks_first(admin, configured):
    assert "Delete the AWS settings?" in admin.get("/settings/aws/delete").text
    assert account() is not None
    assert admin.post("/settings/aws/delete").status_code == 303
    assert account() is None


def test_a_check_is_asked_for_and_the_page_says_that_it_runs(admin, configured):
    assert admin.post("/settings/aws/check").status_code == 303
    assert account().check_wanted_at is not None
    assert "Checking…" in text_of(admin.get("/settings/aws"))


def test_there_is_nothing_to_check_without_keys(admin):
    answer = admin.post("/settings/aws/check", follow_redirects=True)
    assert "enter keys first" in answer.text


def test_only_an_admin_may(anonymous, viewer, member, configured):
    addresses = ("/settings/aws/keys", "+/settings/aws/keys", "+/settings/aws/delete")
    addresses += ("+/settings/aws/check", "+/settings/aws/drain")
    assert refused_for(viewer, *addresses) == [403] * 5
    assert refused_for(member, *addresses) == [403] * 5
    assert refused_for(anonymous, *addresses) == [303] * 5
    assert account() is not None
