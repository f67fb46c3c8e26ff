"""What a program and a person are told when something is wrong."""

import pytest
from sqlalchemy.exc import OperationalError

from webapp.access import allow
from webapp.errors import Refused
from webapp.extensions import db


@pytest.fixture
def failing(app):
    """Let /healthz and /api/runners/query raise this."""

    def call(error):
        @allow("anyone")
        def view():
            raise error

        app.view_functions["health.alive"] = view
        app.view_functions["api.query_runners"] = view
        return app.test_client()

    return call


@pytest.mark.parametrize("path", ["/api/nothing", "/agents/v1/nothing"])
def test_programs_get_json(anonymous, path):
    answer = anonymous.get(path)
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert answer.json["message"].endswith(".")


def test_people_get_a_page(anonymous):
    answer = anonymous.get("/nothing")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "nothing at this address" in answer.text


def test_the_wrong_method_names_the_right_ones(anonymous):
    answer = anonymous.get("/agents/v1/poll")
    assert (answer.status_code, answer.json["code"]) == (405, "wrong_method")
    assert "POST" in answer.headers["Allow"]


def test_an_unexpected_error_shows_nothing_of_itself(failing):
    client = failing(RuntimeError("the password is hunter2"))
    for path in ("/healthz", "/api/runners/query"):
        answer = client.get(path)
        assert answer.status_code == 500
        assert "hunter2" not in answer.text
    assert client.get("/api/runners/query").json["message"].startswith("Something went wrong")


def test_without_a_database_people_still_get_a_sentence(app, failing, monkeypatch):
    def gone(*_args, **_kwargs):
        raise OperationalError("SELECT 1", {}, Exception("the disk is gone"))

    app.extensions.pop("is_practice", None)
    client = failing(RuntimeError("hunter2"))
    monkeypatch.setattr(db.session, "execute", gone)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.mimetype) == (500, "text/plain")
    assert answer.text.startswith("Something went wrong")


def test_a_refusal_carries_word_sentence_fields_and_more(failing):
    refused = Refused(418, "teapot", "No coffee here.", {"drink": "tea"}, pots=[1])
    answer = failing(refused).get("/api/runners/query")
    assert (answer.status_code, answer.json) == (
        418,
        {"code": "teapot", "message": "No coffee here.", "fields": {"drink": "tea"}, "pots": [1]},
    )


def test_a_body_that_is_too_big_is_refused_in_json(app, people):
    app.config["MAX_CONTENT_LENGTH"] = 100
    headers = {"Authorization": "Bearer x"}
    answer = app.test_client().post("/agents/v1/runners", data=b"x" * 200, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer  ", "Basic abc", "bearer"])
def test_what_is_no_bearer_token_is_told_what_to_send(anonymous, people, header):
    answer = anonymous.get("/api/runners/query", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.json["message"] == "Send Authorization: Bearer TOKEN."
