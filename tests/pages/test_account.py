import pytest

from tests.people import PASSWORD, logged_in, token
from webapp.models.user import authenticate

NEW = {"old": PASSWORD, "new": "quite another one", "again": "quite another one"}


def test_it_shows_profile_token_and_the_four_lines(app, member):
    page = member.get("/settings/account").text
    for text in ("max", "max@example.org", token("member"), "Private", "dstack-runner start"):
        assert text in page


def test_a_viewer_sees_no_lines_to_connect_a_server(viewer):
    assert "Connect a server" not in viewer.get("/settings/account").text


def test_the_token_of_others_is_not_shown(app, member):
    assert token("admin") not in member.get("/settings/account").text


def test_regenerating_says_what_stops_working(member):
    page = member.get("/settings/token").text
    assert "stops working at once" in page and "already configured go on" in page


def test_asking_alone_changes_nothing(app, member):
    before = token("member")
    member.get("/settings/token")
    assert token("member") == before


def test_regenerating_replaces_the_token(app, member):
    before = token("member")
    assert member.post("/settings/token").headers["Location"] == "/settings/account"
    after = token("member")
    assert after != before and after in member.get("/settings/account").text


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(app, member, people):
    other = logged_in(app, people["member"])
    assert member.post("/settings/password", data=NEW).status_code == 303
    assert authenticate("max", NEW["new"])
    assert member.get("/runs").status_code == 200
    assert other.get("/runs").status_code == 303


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"old": "wrong"}, "This is not your current password."),
        ({"new": "short", "again": "short"}, "Use at least 10 characters."),
        ({"again": "something else"}, "The two passwords differ."),
        ({"old": ""}, "Give your current password."),
    ],
)
def test_a_wrong_field_is_named(member, change, sentence):
    answer = member.post("/settings/password", data={**NEW, **change})
    assert answer.status_code == 400 and sentence in answer.text
    assert authenticate("max", PASSWORD)


def test_strangers_go_to_the_login(anonymous, people):
    for path in ("/settings/account", "/settings/token"):
        assert anonymous.get(path).headers["Location"] == f"/login?next={path}"
    assert anonymous.post("/settings/password", data=NEW).status_code == 303
    assert authenticate("max", PASSWORD)
