"""DNS rebinding: a foreign page whose name points at this server reads nothing of it."""

import pytest

from tests.conftest import make_app, test_settings
from tests.people import add_people, bearer, logged_in
from webapp.extensions import db
from webapp.host_names import open_to_any_name
from webapp.models.user import user_named

EVIL = "http://evil.example:8000"


@pytest.fixture
def app_of(template, tmp_path):
    """An application with these settings and people in it."""
    made = []

    def make(**changes):
        app = make_app(template, test_settings(tmp_path, **changes))
        context = app.app_context()
        context.push()
        made.append(context)
        add_people()
        return app

    yield make
    for context in reversed(made):
        db.session.remove()
        db.engine.dispose()
        context.pop()


def test_a_server_on_this_machine_answers_no_public_name(app_of):
    client = app_of().test_client()
    answer = client.get("/login", base_url=EVIL)
    assert answer.status_code == 421 and "PUBLIC_URL" in answer.text
    assert "csrf" not in answer.text
    for url in ("http://localhost:8000", "http://127.0.0.1:8000", "http://gpu-box.local"):
        assert client.get("/login", base_url=url).status_code == 200, url


def test_a_server_with_an_address_answers_pages_there_and_on_local_names(app_of):
    app = app_of(public_url="https://runners.example.org", host="0.0.0.0")
    client = app.test_client()
    answer = client.get("/login", base_url=EVIL)
    assert answer.status_code == 421 and "https://runners.example.org" in answer.text
    for url in ("https://runners.example.org", "http://192.168.1.7:8000", "http://gpu-box:8000"):
        assert client.get("/login", base_url=url).status_code == 200, url


def test_a_session_does_not_help(app_of):
    app = app_of()
    client = logged_in(app, user_named("ada"))
    assert client.get("/runs", base_url="http://localhost").status_code == 200
    assert client.get("/runs", base_url=EVIL).status_code == 421


def test_programs_may_call_it_as_they_like(app_of):
    client = app_of(public_url="https://runners.example.org").test_client()
    lan = "http://gpu.lab.example.net:8000"
    answer = client.get("/api/runs/query", base_url=lan, headers=bearer("viewer"))
    assert answer.status_code == 200
    assert client.get("/runner", base_url=lan).status_code == 200
    assert client.get("/healthz", base_url=lan).status_code == 200


def test_a_server_for_others_without_an_address_has_no_name_to_insist_on(app_of):
    client = app_of(host="0.0.0.0").test_client()
    assert client.get("/login", base_url="http://gpu.lab.example.net:8000").status_code == 200


@pytest.mark.parametrize(
    ("settings", "warned"),
    [
        ({"host": "0.0.0.0"}, True),
        ({"host": "gpu-box"}, True),
        ({"host": "0.0.0.0", "public_url": "https://runners.example.org"}, False),
        ({"host": "127.0.0.1"}, False),
        ({"host": "localhost"}, False),
    ],
)
def test_whoever_starts_such_a_server_is_warned(tmp_path, settings, warned):
    said = open_to_any_name(test_settings(tmp_path, **settings))
    assert ("PUBLIC_URL" in (said or "")) is warned


def test_behind_a_trusted_proxy_the_name_that_it_passes_on_counts(app_of):
    app = app_of(public_url="https://runners.example.org", trusted_proxies=1)
    passed = {"X-Forwarded-Host": "runners.example.org", "X-Forwarded-Proto": "https"}
    inside = {"base_url": "http://backend.corp.example:8000"}
    assert app.test_client().get("/login", headers=passed, **inside).status_code == 200
    passed["X-Forwarded-Host"] = "evil.example"
    assert app.test_client().get("/login", headers=passed, **inside).status_code == 421
