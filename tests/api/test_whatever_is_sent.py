"""What no description allows: NUL characters, half an encoding, nonsense. Refused in JSON, never
with a 5xx, on SQLite and (tests.conftest) on PostgreSQL."""

import json

import pytest

from tests.conftest import make_app, test_settings
from tests.people import add_people, bearer
from tests.reference.scene import build
from webapp.extensions import db
from webapp.reference.calls import calls_of

NUL, SURROGATE, HUGE = "a\0b", "\ud800", 10**400
ODD = [NUL, SURROGATE, HUGE, -HUGE, True, None, {}, [[]], 1.5, "x" * 300]
WORDS = ["%00", "%FF", "%ED%A0%80", "x" * 3000, "1" * 400, "-1", ""]
TOKENS = ["\0", "é", "\xff", "a" * 9000, "a b", " "]
IDS = ["%00", "a%00b", "%FF", "%ED%A0%80", "..%2F..", "x" * 3000, "%F0%9F%A6%86", "%0A"]
BODIES = [
    b"{",
    b"\xff\xfe",
    b"\0",
    b"null",
    b"[]",
    b'"text"',
    b"1e999",
    b'{"run_name": "\\ud800"}',
    b'{"a": ' * 5000,
    b"[" * 100_000,
    b'{"run_name": ' + b"1" * 5000 + b"}",
]


@pytest.fixture(scope="module")
def app(template, tmp_path_factory):
    """One for all: what is sent here is refused, and what is not is no harm."""
    folder = tmp_path_factory.mktemp("whatever")
    settings = test_settings(folder, poll_seconds=0.01, api_calls="1000000 per minute")
    app = make_app(template, settings)
    with app.app_context():
        add_people()
        build(app)
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def calls(app, anonymous):
    """Every call, made as ada with `words` for the test client; the statuses by call."""

    def make(address="nobody", methods=("GET", "POST"), **words):
        headers = bearer("admin")
        found = {}
        for call in calls_of(app):
            if call.method in methods:
                path = call.path.format(**dict.fromkeys(call.arguments, address))
                answer = anonymous.open(path, method=call.method, headers=headers, **words)
                found[call.name] = answer.status_code
                if answer.status_code >= 400:
                    assert answer.json["message"] and answer.json["code"], call.name
        return found

    return make


def broken(found):
    return {name: status for name, status in found.items() if status >= 500}


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_what_is_no_json_of_ours(calls, body):
    assert broken(calls(methods=["POST"], data=body)) == {}


@pytest.mark.parametrize(
    "text", [NUL, SURROGATE, HUGE, -HUGE, True, None, {}, [[]], 1.5, "x" * 300]
)
def test_a_field_that_holds_something_odd(app, anonymous, text):
    found = {}
    for call in calls_of(app):
        fields = getattr(call.description.takes, "model_fields", {})
        examples = [each.body for each in call.description.examples if each.status == 200]
        right = examples[0] if examples and isinstance(examples[0], dict) else {}
        for name in fields:
            body = json.dumps({**right, name: text})
            answer = anonymous.post(call.path, data=body, headers=bearer("admin"))
            found[f"{call.name} {name}"] = answer.status_code
    assert broken(found) == {} and len(found) > 40


@pytest.mark.parametrize("address", IDS, ids=range(len(IDS)))
def test_an_id_that_is_none(calls, address):
    assert broken(calls(address)) == {}


@pytest.mark.parametrize("text", WORDS, ids=range(len(WORDS)))
def test_a_word_behind_the_question_mark(app, anonymous, text):
    found = {}
    for call in calls_of(app):
        for name in getattr(call.description.query, "model_fields", {}):
            path = call.path.format(**dict.fromkeys(call.arguments, "nobody"))
            address = f"{path}?{name}={text}"
            answer = anonymous.open(address, method=call.method, headers=bearer("admin"))
            found[f"{call.name} {name}"] = answer.status_code
    assert broken(found) == {} and len(found) > 10


@pytest.mark.parametrize("token", TOKENS, ids=range(len(TOKENS)))
def test_a_token_that_is_none(anonymous, token):
    headers = {"Authorization": f"Bearer {token}"}
    assert anonymous.get("/api/runs/query", headers=headers).status_code == 401


def test_a_method_that_an_address_does_not_have(anonymous):
    answer = anonymous.delete("/api/runs/query", headers=bearer())
    assert (answer.status_code, answer.json["code"]) == (405, "wrong_method")


def test_an_address_that_is_none(anonymous):
    answer = anonymous.get("/api/no/such/thing", headers=bearer())
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
