import pytest
from sqlalchemy import text

from tests.people import PASSWORD, TESTS
from webapp.clock import now
from webapp.extensions import db
from webapp.models.event import events_of
from webapp.models.transaction import writing
from webapp.models.user import (
    anybody,
    authenticate,
    disable,
    enable,
    other_admins,
    set_password,
    set_role,
    user_named,
    user_of_session,
)


def fresh(name):
    db.session.rollback()
    db.session.expire_all()
    return user_named(name)


def test_a_person_is_found_by_name_and_by_email(people):
    assert user_named("max").id == user_named(" MAX@example.org ").id
    assert user_named("nobody") is None


@pytest.mark.parametrize(
    ("name", "password", "comes_in"),
    [
        ("max", PASSWORD, True),
        ("max@example.org", PASSWORD, True),
        ("max", "wrong", False),
        ("max", "", False),
        ("nobody", PASSWORD, False),
    ],
)
def test_only_the_right_password_lets_in(people, name, password, comes_in):
    assert (authenticate(name, password) is not None) is comes_in


def test_what_was_hashed_at_another_cost_stays_valid(app, people):
    settings = app.extensions["settings"]
    with writing():
        set_password(TESTS, people["member"], "another password", now())
    assert fresh("max").password_hash.startswith(settings.password_hash + "$")
    changed = {"password_hash": "scrypt:2048:1:1"}
    app.extensions["settings"] = settings.model_copy(update=changed)
    assert authenticate("max", "another password")
    assert not authenticate("max", "wrong")


def test_a_disabled_person_does_not_come_in_and_has_no_session(people):
    cookie = people["member"].get_id()
    with writing():
        disable(TESTS, people["member"], now())
    assert authenticate("max", PASSWORD) is None
    assert user_of_session(cookie) is None
    max_ = fresh("max")
    with writing():
        enable(TESTS, max_, now())
    assert authenticate("max", PASSWORD).name == "max"
    assert user_of_session(cookie) is None, "the old session stays ended"


def test_a_new_password_ends_every_session(people):
    cookie = people["member"].get_id()
    assert user_of_session(cookie).name == "max"
    with writing():
        set_password(TESTS, people["member"], "another long password", now())
    assert user_of_session(cookie) is None
    assert authenticate("max", PASSWORD) is None
    assert authenticate("max", "another long password").name == "max"


def test_a_role_counts_from_now_on(people):
    with writing():
        set_role(TESTS, people["viewer"], "admin", now())
    vera = fresh("vera")
    assert vera.may("admin")
    assert events_of(user_id=vera.id)[0].why == "now admin"


@pytest.mark.parametrize(
    ("role", "may"),
    [("viewer", ["viewer"]), ("member", ["viewer", "member"])],
)
def test_each_role_includes_the_lower_ones(people, role, may):
    allowed = [word for word in ("viewer", "member", "admin") if people[role].may(word)]
    assert allowed == may


@pytest.mark.parametrize("text_", ["", "1", "x:1", "999:1", "1:2", "1:", ":", "1:1:1"])
def test_any_other_text_is_no_session(people, text_):
    assert user_of_session(text_) is None


def test_other_admins_are_the_active_ones(people):
    assert other_admins(people["admin"]) == 0
    with writing():
        set_role(TESTS, people["member"], "admin", now())
    assert other_admins(people["admin"]) == 1
    with writing():
        disable(TESTS, people["member"], now())
    assert other_admins(people["admin"]) == 0


def test_anybody_is_false_until_the_first_account(app):
    assert not anybody()


def test_a_password_is_kept_as_a_hash(people):
    hashes = db.session.scalars(text('SELECT password_hash FROM "user"')).all()
    assert len(hashes) == 3
    assert all(PASSWORD not in kept for kept in hashes)
