import pytest

from tests.people import PASSWORD, logged_in
from webapp.extensions import db
from webapp.models.token import token_of
from webapp.models.user import authenticate, user_named

MILA = {
    "name": "mila",
    "email": "mila@example.org",
    "role": "viewer",
    "password": "her first password",
}


def fresh(name):
    db.session.expire_all()
    return user_named(name)


def test_it_lists_everybody(admin):
    page = admin.get("/settings/members").text
    for text in ("vera", "max@example.org", "(you)", "Active"):
        assert text in page


def test_it_adds_a_person_who_can_log_in_at_once(app, admin):
    assert admin.post("/settings/members", data=MILA).status_code == 303
    assert authenticate("mila", MILA["password"]).role == "viewer"
    assert token_of(user_named("mila"))
    assert MILA["password"] not in admin.get("/settings/members").text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": "max"}, "Somebody here is already called max."),
        ({"email": "MAX@example.org"}, "Somebody here is already called max@example.org."),
        ({"name": "Ü"}, "Small letters, digits, dot"),
        ({"email": "x"}, "This is not an email address."),
        ({"password": "short"}, "Use at least 10 characters."),
        ({"role": "king"}, "Not a valid choice"),
    ],
)
def test_a_wrong_field_is_named(admin, change, sentence):
    answer = admin.post("/settings/members", data={**MILA, **change})
    assert answer.status_code == 400 and sentence in answer.text


def test_it_changes_a_role(admin, people):
    admin.post("/settings/members/vera/role", data={"role": "member"})
    assert fresh("vera").role == "member"


def test_an_unknown_role_is_refused(admin):
    assert admin.post("/settings/members/vera/role", data={"role": "king"}).status_code == 400
    assert fresh("vera").role == "viewer"


def test_the_last_admin_stays_one(admin):
    admin.post("/settings/members/ada/role", data={"role": "viewer"})
    admin.post("/settings/members/ada/disable")
    assert fresh("ada").role == "admin" and fresh("ada").disabled_at is None
    assert "ada is the last admin" in admin.get("/settings/members").text


def test_with_another_admin_one_may_step_down(admin):
    admin.post("/settings/members/max/role", data={"role": "admin"})
    answer = admin.post("/settings/members/ada/role", data={"role": "viewer"})
    assert answer.headers["Location"] == "/" and fresh("ada").role == "viewer"


def test_disabling_asks_first_then_ends_the_sessions(app, admin, people):
    session = logged_in(app, people["member"])
    assert "logged out everywhere" in admin.get("/settings/members/max/disable").text
    assert session.get("/runs").status_code == 200
    admin.post("/settings/members/max/disable")
    assert session.get("/runs").status_code == 303
    admin.post("/settings/members/max/enable")
    assert authenticate("max", PASSWORD)


def test_resetting_a_password_ends_the_sessions(app, admin, people):
    session = logged_in(app, people["member"])
    path = "/settings/members/max/password"
    assert "A new password for max?" in admin.get(path).text
    assert admin.post(path, data={"password": "short"}).status_code == 400
    assert admin.post(path, data={"password": "handed over now"}).status_code == 303
    assert authenticate("max", "handed over now")
    assert session.get("/runs").status_code == 303


def test_an_unknown_person_is_404(admin):
    for path in ("role", "disable", "enable", "password"):
        assert admin.post(f"/settings/members/nobody/{path}").status_code == 404


def test_members_and_viewers_stay_out(member, viewer):
    for client in (member, viewer):
        assert client.get("/settings/members").status_code == 403
        assert client.post("/settings/members", data=MILA).status_code == 403
    assert user_named("mila") is None
    assert "Members" not in member.get("/settings/account").text
