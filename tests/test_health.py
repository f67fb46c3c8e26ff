import pytest
from sqlalchemy.exc import OperationalError

from tests.agents.machine import AgentPeer
from tests.people import TESTS
from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.extensions import db
from webapp.models.lease import LEADER, take_lease
from webapp.models.submission import submit_run
from webapp.models.transaction import writing


def lead():
    with writing():
        take_lease(LEADER, "some process", now(), 15)


@pytest.fixture
def metrics(app, anonymous):
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"metrics_token": "m" * 20})

    def call(token="m" * 20):
        return anonymous.get("/metrics", headers={"Authorization": f"Bearer {token}"})

    return call


def test_it_is_alive(anonymous):
    answer = anonymous.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "alive"})


def test_it_is_ready_while_some_scheduler_leads(anonymous):
    lead()
    answer = anonymous.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"database": "ok", "scheduler": "fresh"})


def test_without_a_leader_it_is_not_ready(anonymous, clock):
    assert anonymous.get("/readyz").status_code == 503
    lead()
    clock.advance(16)
    answer = anonymous.get("/readyz")
    assert (answer.status_code, answer.json["scheduler"]) == (503, "no leader")


def test_without_a_database_it_is_not_ready(anonymous, monkeypatch):
    def broken(*_args, **_kwargs):
        raise OperationalError("SELECT 1", {}, Exception("the disk is gone"))

    monkeypatch.setattr(db.session, "execute", broken)
    answer = anonymous.get("/readyz")
    assert (answer.status_code, answer.json["database"]) == (503, "OperationalError")


def test_the_metrics_count_runners_and_jobs_by_status(app, metrics, people, clock):
    AgentPeer(app).register().start()
    with writing():
        submit_run(TESTS, people["member"].id, [JobSpec("a"), JobSpec("b")], now())
    clock.advance(90)
    text = metrics().text
    assert 'dstack_runners{status="live"} 1.0' in text
    assert 'dstack_jobs{status="submitted"} 2.0' in text
    assert "dstack_oldest_waiting_job_seconds 90.0" in text


@pytest.mark.parametrize("token", ["", "wrong", "ü"])
def test_the_metrics_need_their_token(metrics, token):
    assert metrics(token).status_code == 403


def test_without_a_token_set_there_are_no_metrics(anonymous):
    answer = anonymous.get("/metrics", headers={"Authorization": "Bearer None"})
    assert answer.status_code == 403
    assert "METRICS_TOKEN" in answer.text
