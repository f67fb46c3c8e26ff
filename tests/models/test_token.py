import uuid

import pytest
from sqlalchemy import text

from tests.people import TESTS
from webapp.clock import now
from webapp.extensions import db
from webapp.models.event import events_of
from webapp.models.token import new_token, token_of, user_of_token
from webapp.models.transaction import writing
from webapp.models.user import disable, enable


@pytest.fixture
def max_(people):
    return people["member"]


def test_a_token_is_a_uuid_that_leads_to_its_owner(max_):
    secret = token_of(max_)
    assert str(uuid.UUID(secret)) == secret
    assert user_of_token(secret).name == "max"


def test_a_new_token_ends_the_old_one(max_):
    old = token_of(max_)
    with writing():
        new = new_token(TESTS, max_, now())
    assert (user_of_token(old), user_of_token(new).name) == (None, "max")
    assert events_of(user_id=max_.id)[0].what == "token made"


def test_a_disabled_persons_token_works_again_once_they_are_enabled(max_):
    secret = token_of(max_)
    with writing():
        disable(TESTS, max_, now())
    assert user_of_token(secret) is None
    with writing():
        enable(TESTS, max_, now())
    assert user_of_token(secret).name == "max"


@pytest.mark.parametrize("secret", ["", "x", "max", "\0", "ü" * 1000])
def test_any_other_text_is_nobodys(people, secret):
    assert user_of_token(secret) is None


def test_it_is_nowhere_in_plain_text_in_the_database(max_):
    secret = token_of(max_)
    rows = db.session.execute(text("SELECT * FROM token")).all()
    assert len(rows) == 3
    assert secret not in str(rows)
    assert secret not in str([event.why for event in events_of(user_id=max_.id)])
