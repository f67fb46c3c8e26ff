import json
import logging

import pytest
from sqlalchemy import text

from tests.people import PASSWORD, bearer
from webapp.access import allow
from webapp.extensions import db
from webapp.requests_log import JsonLines, TextLines


@pytest.fixture
def lines(caplog):
    """Call it for what was logged about requests, as lines of the given format."""
    caplog.set_level(logging.DEBUG)

    def call(formatter=TextLines):
        form = formatter()
        return [form.format(record) for record in caplog.records]

    return call


def test_one_line_a_request_with_the_id_of_the_answer(anonymous, lines):
    answer = anonymous.get("/healthz")
    (line,) = [line for line in lines() if "/healthz" in line]
    assert "method=GET path=/healthz status=200 ms=" in line
    assert f"id={answer.headers['Request-Id']}" in line


def test_the_line_names_who_called(anonymous, people, lines):
    anonymous.get("/api/runners/query", headers=bearer("viewer"))
    assert any("path=/api/runners/query" in line and "who=vera" in line for line in lines())


def test_in_json_it_is_an_object(anonymous, lines):
    anonymous.get("/healthz")
    rows = [json.loads(line) for line in lines(JsonLines)]
    (row,) = [row for row in rows if row.get("path") == "/healthz"]
    assert (row["method"], row["status"], row["level"]) == ("GET", 200, "info")


@pytest.mark.parametrize("formatter", [TextLines, JsonLines])
def test_a_path_cannot_forge_a_line_or_a_field(anonymous, lines, formatter):
    anonymous.get("/x%0Aforged%20status=200%20who=admin%0d%E2%80%A8%1b[31m")
    for line in lines(formatter):
        assert len(line.splitlines()) == 1
        assert "\x1b" not in line
        assert " status=200 who=admin" not in line or '"/x' in line


@pytest.mark.parametrize("formatter", [TextLines, JsonLines])
def test_no_secret_of_a_request_is_logged(anonymous, people, lines, formatter):
    token = bearer()["Authorization"].split()[1]
    anonymous.get("/setup?token=one-time-secret")
    anonymous.get(f"/api/runners/query?token={token}", headers=bearer())
    anonymous.post("/login", data={"name": "max", "password": PASSWORD})
    anonymous.get("/healthz", headers={"Cookie": "runners_session=cookie-secret"})
    everything = "\n".join(lines(formatter))
    assert "path=/login" in everything or '"/login"' in everything
    for secret in (token, "one-time-secret", PASSWORD, "cookie-secret"):
        assert secret not in everything


def test_an_unexpected_error_is_logged_without_the_values_of_rows(app, anonymous, people, lines):
    secret = bearer()["Authorization"]

    @allow("anyone")
    def broken():
        db.session.execute(text("SELECT :secret FROM no_such_table"), {"secret": secret})

    app.view_functions["health.alive"] = broken
    assert anonymous.get("/healthz").status_code == 500
    everything = "\n".join(lines())
    assert "no_such_table" in everything
    assert secret not in everything


def test_polls_are_not_worth_a_line(app, people, caplog):
    caplog.set_level(logging.INFO)
    app.test_client().post("/agents/v1/poll", json={})
    assert [record for record in caplog.records if record.name == "webapp.request"] == []
