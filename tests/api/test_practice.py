import pytest

from tests.people import bearer


class Simulator:
    """What a practice AWS looks like from here: its keys."""

    ready = {"access_key_id": "AKIAPRACTICE", "secret_access_key": "a practice secret"}


@pytest.fixture
def practising(app):
    app.extensions["practice"] = Simulator()


def test_it_tells_the_keys_of_the_simulator(practising, anonymous, people):
    answer = anonymous.get("/api/practice/keys", headers=bearer("admin"))
    assert answer.json["aws_access_key_id"] == "AKIAPRACTICE"


def test_there_are_no_keys_outside_of_practice(anonymous, people):
    assert anonymous.get("/api/practice/keys", headers=bearer("admin")).status_code == 404
    answer = anonymous.post(
        "/api/practice/interrupt", json={"runner_name": "x"}, headers=bearer("admin")
    )
    assert answer.status_code == 404


def test_only_an_admin_practises(practising, anonymous, people):
    assert anonymous.get("/api/practice/keys", headers=bearer("member")).status_code == 403


def test_nothing_without_a_token(practising, anonymous, people):
    assert anonymous.get("/api/practice/keys").status_code == 401
    assert anonymous.post("/api/practice/interrupt", json={}).status_code == 401


def test_a_runner_that_is_no_machine_of_the_simulator_is_404(practising, anonymous, people):
    body = {"runner_name": "ginger-1"}
    answer = anonymous.post("/api/practice/interrupt", json=body, headers=bearer("admin"))
    assert answer.status_code == 404
