"""A submission with an Idempotency-Key is made once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from tests.people import bearer
from webapp.extensions import db
from webapp.models.idempotency import IdempotencyKey
from webapp.models.run import Run

BODY = {"workflow_file": "commands: [echo hello]\n"}
KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"


@pytest.fixture
def submit(anonymous, people):
    def call(key=KEY, role="member", **changes):
        headers = {**bearer(role), **({"Idempotency-Key": key} if key else {})}
        return anonymous.post("/api/runs/submit", json={**BODY, **changes}, headers=headers)

    return call


def runs():
    db.session.rollback()  # what others wrote meanwhile counts too
    return db.session.scalar(select(func.count()).select_from(Run))


def test_the_same_again_is_the_same_run(submit):
    first, again = submit(), submit()
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json == again.json and runs() == 1


def test_without_a_key_each_submission_is_a_run(submit):
    assert submit(None).json != submit(None).json and runs() == 2


def test_another_key_is_another_run(submit):
    assert submit().json != submit("another").json


def test_the_key_of_somebody_else_is_another_key(submit):
    assert submit().json != submit(role="admin").json


def test_the_same_key_for_something_else_is_refused_in_a_sentence(submit):
    submit()
    answer = submit(workflow_file="commands: [echo bye]\n")
    assert (answer.status_code, answer.json["code"]) == (422, "key_reused")
    assert "take a new one" in answer.json["message"]
    assert list(answer.json["fields"]) == ["Idempotency-Key"]
    assert runs() == 1


def test_the_order_of_the_fields_does_not_matter(submit):
    first = submit(variables={}, workflow_name=None)
    assert submit(workflow_name=None, variables={}).json == first.json


def test_a_submission_that_was_refused_may_be_mended_under_its_key(submit):
    assert submit(workflow_file="comands: [ls]\n").status_code == 400
    assert submit().status_code == 200


def test_a_key_is_kept_for_a_day(submit, clock):
    first = submit()
    clock.advance(24 * 3600 - 1)
    assert submit().json == first.json
    clock.advance(1)
    assert submit().json != first.json
    kept = db.session.scalar(select(func.count()).select_from(IdempotencyKey))
    assert kept == 1, "old keys are forgotten"


@pytest.mark.parametrize("key", ["", "a b", "x" * 101, "ü"])
def test_what_is_no_key_is_refused(submit, key):
    answer = submit(key or " ")
    assert answer.status_code == 400 and list(answer.json["fields"]) == ["Idempotency-Key"]
    assert runs() == 0


def test_of_two_at_once_one_makes_it_and_both_are_told_its_name(app, people):
    headers, gate = {**bearer(), "Idempotency-Key": KEY}, Barrier(4)

    def send(_):
        gate.wait(10)
        return app.test_client().post("/api/runs/submit", json=BODY, headers=headers)

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(send, range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json["run_name"] for answer in answers}) == 1
    assert runs() == 1
