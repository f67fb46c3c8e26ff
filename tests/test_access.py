"""Every route says who may use it, and that is who may use it."""

import pytest
from flask import Flask

from tests.conftest import make_app, test_settings
from tests.people import TESTS, add_people, bearer, logged_in
from webapp.access import AUDIENCES, allow, audience_of
from webapp.clock import now
from webapp.extensions import db
from webapp.models.scoped_token import add_token
from webapp.models.token import SCOPES
from webapp.models.transaction import writing
from webapp.models.user import ROLES

PEOPLE = ("viewer", "member", "admin")
_REFUSALS = {401, 403}


def routes(app: Flask, *audiences: str):
    """(method, path) of every route with one of these audiences."""
    for rule in app.url_map.iter_rules():
        if audience_of(app, rule.endpoint) in audiences:
            samples = {name: sample(rule, name) for name in rule.arguments}
            with app.test_request_context():
                path = app.url_map.bind("localhost").build(rule.endpoint, samples)
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                yield method, path


def sample(rule, name):
    """A value that the converter of this argument accepts."""
    kind = type(rule._converters[name]).__name__.removesuffix("Converter").lower()
    return {"integer": 1, "unicode": "nobody", "path": "nobody"}.get(kind, "nobody")


def test_every_route_states_its_audience(app):
    silent = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if audience_of(app, rule.endpoint) not in AUDIENCES
    ]
    assert silent == []


def test_a_route_that_says_nothing_is_refused(app):
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = app.test_client().get("/forgotten")
    assert answer.status_code == 403 and "secret" not in answer.text


def test_an_unknown_audience_is_a_mistake_at_start():
    with pytest.raises(ValueError, match="everybody"):
        allow("everybody")


def test_strangers_are_sent_to_the_login_by_every_page(app, people, anonymous):
    tried = list(routes(app, *PEOPLE))
    assert len(tried) > 40
    for method, path in tried:
        answer = anonymous.open(path, method=method)
        assert answer.status_code == 303, (method, path)
        assert answer.headers["Location"].startswith("/login"), (method, path)


@pytest.mark.parametrize("role", PEOPLE)
def test_each_role_may_use_its_pages_and_no_others(app, people, role):
    allowed = ROLES[: ROLES.index(role) + 1]
    client = logged_in(app, people[role])
    for audience in PEOPLE:
        for method, path in routes(app, audience):
            if audience in allowed and method == "POST":
                continue  # acting is each page's own test; here only who gets in
            status = client.open(path, method=method).status_code
            assert (status == 403) == (audience not in allowed), (method, path, status)


@pytest.mark.parametrize("role", PEOPLE)
def test_each_role_may_use_its_part_of_the_api_and_no_others(app, people, role):
    allowed = ROLES[: ROLES.index(role) + 1]
    client = app.test_client()
    for audience in PEOPLE:
        for method, path in routes(app, f"token {audience}"):
            status = client.open(path, method=method, headers=bearer(role)).status_code
            assert (status == 403) == (audience not in allowed), (method, path, status)


@pytest.mark.parametrize(("scope", "role"), list(zip(SCOPES, ROLES, strict=True)))
def test_each_scope_may_use_its_part_of_the_api_and_no_others(app, people, scope, role):
    allowed = ROLES[: ROLES.index(role) + 1]
    with writing():
        secret = add_token(TESTS, people["admin"], "ci", scope, now())
    client, headers = app.test_client(), {"Authorization": f"Bearer {secret}"}
    for audience in PEOPLE:
        for method, path in routes(app, f"token {audience}"):
            answer = client.open(path, method=method, headers=headers)
            assert (answer.status_code == 403) == (audience not in allowed), (method, path)
            assert answer.status_code != 403 or answer.json["code"] == "scope"


def test_programs_without_a_credential_are_refused_everywhere(app, people, anonymous):
    programs = [each for each in AUDIENCES if each not in (*PEOPLE, "anyone")]
    for method, path in routes(app, *programs):
        answer = anonymous.open(path, method=method)
        assert answer.status_code in _REFUSALS, (method, path)


def test_a_session_opens_no_door_for_programs(app, admin):
    doors = routes(app, "token viewer", "token member", "token admin", "runner", "newcomer")
    for method, path in doors:
        assert admin.open(path, method=method).status_code == 401, (method, path)


def test_a_personal_token_opens_no_page(app, people, anonymous):
    answer = anonymous.get("/runs", headers=bearer("admin"))
    assert answer.status_code == 303


def test_every_form_refuses_without_its_csrf_token(template, tmp_path):
    app = make_app(template, test_settings(tmp_path))
    with app.app_context():
        client = logged_in(app, add_people()["admin"])
        tried = [path for method, path in routes(app, "anyone", *PEOPLE) if method == "POST"]
        assert len(tried) > 20
        for path in tried:
            answer = client.post(path)
            assert answer.status_code == 400, path
            assert "Reload it and try again" in answer.text, path
        db.session.remove()
        db.engine.dispose()
