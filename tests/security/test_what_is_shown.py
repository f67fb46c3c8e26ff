"""A stolen session or token: it opens what its owner may do, and shows no secret of anybody."""

import itertools

import pytest

from tests.people import NAMES, bearer, logged_in
from tests.reference.scene import DONE, JOBS, RUNNING, STOPPED
from tests.security.planted import plant
from webapp.access import audience_of
from webapp.models.event import events_of
from webapp.models.user import ROLES, user_named

# For each argument of an address, what there is in the scene.
WHAT_THERE_IS = {
    "name": [DONE, RUNNING, STOPPED, "gpu-box", "max", "PLANTED", "ada"],
    "run_name": [DONE, RUNNING, STOPPED],
    "job_id": list(JOBS.values()),
    "path": ["output", "output/model.txt"],
    "repo_id": [1, 2, 3],
    "attempt": [1],
}


@pytest.fixture
def planted(app, people):
    return plant(app)


def addresses(app, *audiences):
    """Every address that answers GET for these audiences, with what there is filled in."""
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and audience_of(app, rule.endpoint) in audiences:
            options = [WHAT_THERE_IS.get(name, [1, "nobody"]) for name in sorted(rule.arguments)]
            for values in itertools.product(*options):
                filled = dict(zip(sorted(rule.arguments), values, strict=True))
                try:
                    with app.test_request_context():
                        yield app.url_map.bind("localhost").build(rule.endpoint, filled)
                except ValueError:  # a text where the address wants a number
                    continue


def shown(answer, planted):
    with answer:
        return [what for what, secret in planted.items() if secret.encode() in answer.data]


@pytest.mark.parametrize("role", ROLES)
def test_no_page_shows_a_secret_but_to_its_owner_the_main_token(app, people, planted, role):
    client = logged_in(app, user_named(NAMES[role]))
    own = f"token of {NAMES[role]}"
    answered = 0
    for address in addresses(app, "anyone", *ROLES):
        answer = client.get(address)
        answered += answer.status_code == 200
        allowed = [own] if address == "/settings/account" else []
        assert shown(answer, planted) in ([], allowed), address
    assert answered > 15


@pytest.mark.parametrize("role", ROLES)
def test_no_answer_of_the_api_holds_a_secret(app, people, planted, role):
    client = app.test_client()
    headers = bearer(role)
    asked = list(addresses(app, *[f"token {each}" for each in ROLES]))
    answers = [(address, client.get(address, headers=headers)) for address in asked]
    for path in ("users/info", "users/aws/info", "on-demand/settings"):
        answers.append((path, client.post(f"/api/{path}", headers=headers)))
    assert sum(answer.status_code == 200 for _, answer in answers) > 10
    for address, answer in answers:
        assert shown(answer, planted) == [], address


def test_no_event_tells_a_secret(planted):
    told = " ".join(f"{event.what} {event.why} {event.data}" for event in events_of(limit=10_000))
    assert [what for what, secret in planted.items() if secret in told] == []
