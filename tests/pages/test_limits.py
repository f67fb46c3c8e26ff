import pytest

from tests.pages.aws_scene import KEY, a_limit, a_machine, happened, refused_for
from tests.pages.scene import text_of
from webapp.clock import now
from webapp.extensions import db
from webapp.models.limit import limit_of, limits
from webapp.models.limit_trouble import blame, blame_boot, praise
from webapp.models.transaction import writing


def address(limit, what: str) -> str:
    return f"/settings/aws/limits/{limit.id}/{what}"


def row() -> object:
    db.session.expire_all()
    return limit_of(KEY)


def test_the_maximum_is_changed_in_place(admin, configured):
    limit = a_limit(3)
    assert admin.post(address(limit, "maximum"), data={"maximum": "5"}).status_code == 303
    assert row().maximum == 5
    assert happened("limit changed") == [("ada", f"{KEY}: from 3 to 5")]


def test_lowering_says_how_many_machines_end(admin, configured):
    limit = a_limit(3)
    a_machine(limit)
    a_machine(limit)
    answer = admin.post(address(limit, "maximum"), data={"maximum": "1"}, follow_redirects=True)
    assert "1 of 2 end after their jobs." in answer.text
    assert "1 too many: they end after their jobs." in answer.text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("0", "At least 1."),
        ("1000000000", "is there a digit too many?"),
        ("many", "Give a whole number of machines"),
        ("", "Give a whole number of machines"),
        ("-1", "Give a whole number of machines"),
    ],
)
def test_a_wrong_maximum_is_told_and_changes_nothing(admin, configured, typed, told):
    limit = a_limit(3)
    answer = admin.post(address(limit, "maximum"), data={"maximum": typed}, follow_redirects=True)
    assert told in answer.text
    assert row().maximum == 3


def test_a_limit_has_a_switch_of_its_own(admin, configured):
    limit = a_limit()
    admin.post(address(limit, "switch"), data={"on": "0"})
    assert not row().enabled
    admin.post(address(limit, "switch"), data={"on": "1"})
    assert row().enabled


def test_deleting_says_how_many_machines_drain_first(admin, configured):
    limit = a_limit()
    a_machine(limit)
    text = text_of(admin.get(address(limit, "delete")))
    assert "1 machine exists or is coming; no job runs there." in text
    assert "Its machines end after their jobs." in text
    assert admin.post(address(limit, "delete")).status_code == 303
    assert limits() == []


def test_no_capacity_is_told_with_the_next_try(admin, configured):
    limit = a_limit()
    with writing():
        blame(limit.id, "capacity", "There is no capacity for m5.xlarge.", now())
    text = text_of(admin.get("/settings/aws"))
    assert "No capacity: There is no capacity for m5.xlarge. Next try" in text


def test_trouble_that_is_over_is_no_longer_told(admin, configured, clock):
    limit = a_limit()
    with writing():
        blame(limit.id, "capacity", "There is no capacity for m5.xlarge.", now())
    clock.advance(3600)
    assert "No capacity" not in text_of(admin.get("/settings/aws"))


def test_a_failed_boot_is_told_until_one_goes_well(admin, configured):
    limit = a_limit()
    with writing():
        blame_boot(limit.id, "no call within 10 min", now())
    assert "1 failed boot in a row: no call within 10 min" in text_of(admin.get("/settings/aws"))
    with writing():
        praise(limit.id, now())
    assert "failed boot" not in text_of(admin.get("/settings/aws"))
    assert row().trouble_at is None


def test_a_tripped_limit_says_so_and_is_reset(admin, configured):
    limit = a_limit()
    with writing():
        blame(limit.id, "capacity", "none left", now() - 3_600_000)
        for _ in range(3):
            blame_boot(limit.id, "no call within 10 min", now())
    text = text_of(admin.get("/settings/aws"))
    assert "Tripped after 3 failed boots: no call within 10 min. No machine of it" in text
    assert "It began just now" in text
    assert admin.post(address(limit, "reset")).status_code == 303
    assert row().tripped_at is None
    assert "Tripped" not in text_of(admin.get("/settings/aws"))


def test_image_and_volume_of_machines_to_come(admin, configured):
    limit = a_limit()
    choices = {"image_id": "ami-0123456789abcdef0", "volume_gib": "100", "encrypted": "y"}
    assert admin.post(address(limit, "choices"), data=choices).status_code == 303
    assert (row().image_id, row().volume_gib, row().encrypted) == (choices["image_id"], 100, True)
    page = admin.get(address(limit, "choices")).text
    assert "ami-0123456789abcdef0" in page
    assert 'value="100"' in page


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        ({"image_id": "ubuntu"}, "An AMI id looks like"),
        ({"volume_gib": "4"}, "A whole number of GiB from 8 to 16384."),
        ({"volume_gib": "lots"}, "A whole number of GiB from 8 to 16384."),
    ],
)
def test_a_wrong_choice_is_told_and_stays_in_the_form(admin, configured, choices, told):
    limit = a_limit()
    answer = admin.post(address(limit, "choices"), data=choices)
    assert answer.status_code == 400
    assert told in answer.text
    assert f'value="{next(iter(choices.values()))}"' in answer.text
    assert row().image_id is None


@pytest.mark.parametrize("what", ["maximum", "switch", "reset", "delete", "choices"])
def test_a_limit_that_is_gone_is_told_as_such(admin, configured, what):
    answer = admin.post(f"/settings/aws/limits/77/{what}")
    assert answer.status_code == 404
    assert "This limit is gone." in answer.text


def test_only_an_admin_may(anonymous, viewer, member, configured):
    limit = a_limit()
    whats = ("maximum", "switch", "reset", "delete", "choices")
    addresses = tuple("+" + address(limit, what) for what in whats)
    assert refused_for(viewer, *addresses) == [403] * 5
    assert refused_for(member, *addresses) == [403] * 5
    assert refused_for(anonymous, *addresses) == [303] * 5
    assert row().enabled
