import pytest

from tests.conftest import make_app, test_settings
from tests.people import add_people, bearer
from webapp.extensions import db


@pytest.fixture
def client(template, tmp_path):
    """A server that takes three calls an hour from each token."""
    app = make_app(template, test_settings(tmp_path, api_calls="3 per hour"))
    with app.app_context():
        add_people()
        yield app.test_client()
        db.session.remove()
        db.engine.dispose()


def look(client, role="member"):
    return client.get("/api/runs/query", headers=bearer(role))


def test_one_call_too_many_is_refused_and_says_when_to_come_back(client):
    assert [look(client).status_code for _ in range(3)] == [200, 200, 200]
    answer = look(client)
    assert (answer.status_code, answer.json["code"]) == (429, "too_many")
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert answer.json["message"].startswith("More than 3 per 1 hour with this token.")
    assert f"in {answer.headers['Retry-After']} s" in answer.json["message"]


def test_each_token_is_counted_by_itself(client):
    for _ in range(4):
        look(client)
    assert look(client, "admin").status_code == 200


def test_a_refused_call_counts_too(client):
    for _ in range(3):
        assert client.post("/api/runs/prune", headers=bearer("viewer")).status_code == 403
    assert client.post("/api/runs/prune", headers=bearer("viewer")).status_code == 429


def test_an_unknown_token_is_told_so_however_often(client):
    headers = {"Authorization": "Bearer nobody"}
    statuses = {client.get("/api/runs/query", headers=headers).status_code for _ in range(5)}
    assert statuses == {401}


def test_pages_and_runners_are_not_counted(client):
    for _ in range(5):
        assert client.get("/login").status_code == 200
        assert client.post("/agents/v1/poll", json={}).status_code == 401
