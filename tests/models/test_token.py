import uuid

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.people import TESTS
from webapp.clock import now
from webapp.extensions import db
from webapp.models.event import events_of
from webapp.models.scoped_token import MOST_TOKENS, TokenRefused, add_token, revoke_token
from webapp.models.token import Token, find_token, new_token, token_of
from webapp.models.transaction import writing
from webapp.models.user import ROLES, disable, enable, set_role


@pytest.fixture
def max_(people):
    return people["member"]


def test_a_token_is_a_uuid_that_leads_to_its_owner(max_):
    secret = token_of(max_)
    assert str(uuid.UUID(secret)) == secret
    assert find_token(secret).user.name == "max"


def test_a_new_token_ends_the_old_one(max_):
    old = token_of(max_)
    with writing():
        new = new_token(TESTS, max_, now())
    assert (find_token(old), find_token(new).user.name) == (None, "max")
    assert events_of(user_id=max_.id)[0].what == "token made"


def test_a_disabled_persons_token_works_again_once_they_are_enabled(max_):
    secret = token_of(max_)
    with writing():
        disable(TESTS, max_, now())
    assert find_token(secret) is None
    with writing():
        enable(TESTS, max_, now())
    assert find_token(secret).user.name == "max"


@pytest.mark.parametrize("secret", ["", "x", "max", "\0", "ü" * 1000])
def test_any_other_text_is_nobodys(people, secret):
    assert find_token(secret) is None


def test_it_is_nowhere_in_plain_text_in_the_database(max_):
    secret = token_of(max_)
    rows = db.session.execute(text("SELECT * FROM token")).all()
    assert len(rows) == 3
    assert secret not in str(rows)
    assert secret not in str([event.why for event in events_of(user_id=max_.id)])


def scoped(person, scope="read", name="ci"):
    with writing():
        return add_token(TESTS, person, name, scope, now())


def test_the_main_token_may_what_its_owner_may(people):
    token = find_token(token_of(people["member"]))
    assert (token.may("member"), token.may("admin")) == (True, False)


@pytest.mark.parametrize(
    ("role", "scope", "may"),
    [
        ("admin", "read", "viewer"),
        ("admin", "submit", "member"),
        ("admin", "admin", "admin"),
        ("member", "read", "viewer"),
        ("viewer", "read", "viewer"),
    ],
)
def test_a_scope_narrows_what_a_token_may(people, role, scope, may):
    token = find_token(scoped(people[role], scope))
    allowed = [each for each in ROLES if token.may(each)]
    assert allowed == list(ROLES[: ROLES.index(may) + 1])


def test_a_scope_never_goes_beyond_the_role_of_its_owner(people):
    with pytest.raises(TokenRefused, match="A member has no use"):
        scoped(people["member"], "admin")
    secret = scoped(people["member"], "submit")
    with writing():
        set_role(TESTS, people["member"], "viewer", now())
    assert not find_token(secret).may("member")


def test_a_scoped_token_stands_beside_the_main_one(max_):
    main, secret = token_of(max_), scoped(max_)
    assert (token_of(max_), find_token(secret).user.name) == (main, "max")
    with writing():
        new_token(TESTS, max_, now())
    assert find_token(secret)


def test_of_a_scoped_token_only_a_digest_is_kept(max_):
    secret = scoped(max_)
    rows = db.session.execute(text("SELECT * FROM token WHERE name = 'ci'")).mappings().all()
    assert [row["secret"] for row in rows] == [None]
    assert secret not in str(rows)


def test_two_tokens_of_one_person_have_different_names(people):
    scoped(people["member"])
    with pytest.raises(TokenRefused, match="called ci already"):
        scoped(people["member"])
    assert scoped(people["admin"])


def test_nobody_has_more_tokens_than_a_hundred(max_):
    for number in range(MOST_TOKENS):
        scoped(max_, name=f"t{number}")
    with pytest.raises(TokenRefused, match="revoke those"):
        scoped(max_)


def test_a_revoked_token_is_nobodys(max_, people):
    secret = scoped(max_)
    with writing():
        assert not revoke_token(TESTS, people["admin"], "ci", now())
        assert revoke_token(TESTS, max_, "ci", now())
    assert find_token(secret) is None
    assert events_of(user_id=max_.id)[0].what == "token revoked"


def test_there_is_one_main_token_for_each_person(max_):
    with pytest.raises(IntegrityError), writing():
        db.session.add(Token(user_id=max_.id, digest="x", secret="x", created_at=1))
