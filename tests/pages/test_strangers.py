import pytest

from tests.pages.aws_scene import happened, refused_for
from tests.pages.scene import text_of
from webapp.clock import now
from webapp.engine.plan.sightings import Stranger as Sighting
from webapp.extensions import db
from webapp.models.stranger import Stranger, see_stranger, strangers_gone
from webapp.models.transaction import writing

ID = "i-0123456789abcdef0"
END = f"/settings/aws/strangers/{ID}/end"


@pytest.fixture
def stranger(configured) -> None:
    sighting = Sighting(
        id=ID,
        kind="machine",
        instance_type="m5.xlarge",
        state="running",
        since=now(),
        why="No row knows it.",
        ours=False,
    )
    with writing():
        see_stranger(sighting, "eu-west-1", now())


def row() -> Stranger:
    db.session.expire_all()
    return db.session.get(Stranger, ID)


def test_it_is_listed_as_in_aws_not_in_our_books(admin, stranger):
    text = text_of(admin.get("/settings/aws"))
    assert "In AWS, not in our books" in text
    assert f"Machine {ID} Europe/Ireland m5.xlarge running" in text


def test_without_strangers_there_is_no_table(admin, configured):
    assert "not in our books" not in admin.get("/settings/aws").text


def test_it_is_ended_with_one_click_after_a_question(admin, stranger):
    assert f"Terminate {ID}?" in admin.get(END).text
    assert row().end_asked_at is None
    assert admin.post(END).status_code == 303
    assert row().end_by == "ada"
    assert happened("stranger ended") == [("ada", f"{ID} in eu-west-1")]
    assert "Being ended by ada" in text_of(admin.get("/settings/aws"))


def test_one_that_is_gone_is_told_as_such(admin, stranger):
    with writing():
        strangers_gone("eu-west-1", set(), now())
    assert "is gone, or on its way out." in admin.get(END, follow_redirects=True).text
    assert row().end_asked_at is None


def test_one_that_nobody_saw_is_not_found(admin, configured):
    assert admin.post("/settings/aws/strangers/i-77/end").status_code == 404


def test_only_an_admin_may(anonymous, viewer, member, stranger):
    assert refused_for(viewer, END, "+" + END) == [403, 403]
    assert refused_for(member, END, "+" + END) == [403, 403]
    assert refused_for(anonymous, END, "+" + END) == [303, 303]
    assert row().end_asked_at is None
