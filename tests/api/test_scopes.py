"""What a token with a scope may, over the API and for a new runner."""

import pytest
from sqlalchemy import event

from tests.agents.machine import AgentPeer
from tests.people import TESTS, token
from webapp.clock import now
from webapp.extensions import db
from webapp.models.scoped_token import add_token
from webapp.models.token import Token, find_token
from webapp.models.transaction import writing
from webapp.models.user import set_role

READ, SUBMIT, ADMIN = "/api/runs/query", "/api/runs/prune", "/api/on-demand/limits/clear"


@pytest.fixture
def scoped(people):
    def make(scope, role="admin"):
        with writing():
            return add_token(TESTS, people[role], f"the {scope} one", scope, now())

    return make


@pytest.fixture
def tried(anonymous):
    def statuses(secret):
        headers = {"Authorization": f"Bearer {secret}"}
        read = anonymous.get(READ, headers=headers).status_code
        posts = [anonymous.post(path, json={}, headers=headers) for path in (SUBMIT, ADMIN)]
        return [read, *[post.status_code for post in posts]]

    return statuses


@pytest.mark.parametrize(
    ("scope", "statuses"),
    [("read", [200, 403, 403]), ("submit", [200, 200, 403]), ("admin", [200, 200, 200])],
)
def test_each_scope_opens_its_part_of_the_api(scoped, tried, scope, statuses):
    assert tried(scoped(scope)) == statuses


def test_a_scope_that_is_too_small_is_said_in_one_sentence(scoped, anonymous):
    headers = {"Authorization": f"Bearer {scoped('read')}"}
    answer = anonymous.post(SUBMIT, json={}, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (403, "scope")
    assert answer.json["message"] == (
        "This needs a token with the scope submit; the read one has read."
    )


def test_a_lower_role_takes_a_token_with_it(scoped, tried, people):
    secret = scoped("admin")
    with writing():
        set_role(TESTS, people["admin"], "viewer", now())
    assert tried(secret) == [200, 403, 403]


def last_use(secret):
    db.session.expire_all()
    return find_token(secret).last_used_at


def test_a_use_is_noted_at_most_once_in_ten_minutes(scoped, tried, clock):
    secret = scoped("read")
    assert last_use(secret) is None
    tried(secret)
    first = last_use(secret)
    assert first == clock.moment
    clock.advance(599)
    tried(secret)
    assert last_use(secret) == first
    clock.advance(1)
    tried(secret)
    assert last_use(secret) == clock.moment


def test_the_next_calls_write_nothing(scoped, anonymous):
    headers = {"Authorization": f"Bearer {scoped('read')}"}
    anonymous.get(READ, headers=headers)
    written = []

    def hear(connection, cursor, statement, *_):
        written.extend([statement] if "UPDATE" in statement else [])

    event.listen(db.engine, "before_cursor_execute", hear)
    anonymous.get(READ, headers=headers)
    event.remove(db.engine, "before_cursor_execute", hear)
    assert written == []


@pytest.mark.parametrize(("scope", "status"), [("read", 403), ("submit", 201), ("admin", 201)])
def test_a_runner_is_added_with_scope_submit_or_admin(app, scoped, scope, status):
    secret = scoped(scope)
    machine = AgentPeer(app)
    answer = machine.call("runners", {**machine.hello(), "name": "box"}, secret=secret)
    assert answer.status_code == status
    if status == 403:
        assert "use one with the scope submit" in answer.json["message"]
    else:
        assert last_use(secret) == now()


def test_the_main_token_has_a_last_use_too(app, anonymous, people):
    anonymous.get(READ, headers={"Authorization": f"Bearer {token('viewer')}"})
    used = db.session.query(Token.last_used_at).filter_by(user_id=people["viewer"].id).scalar()
    assert used == now()
