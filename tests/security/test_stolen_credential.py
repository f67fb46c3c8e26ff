"""The credential of a runner opens what its own jobs need, and nothing else."""

import pytest
from sqlalchemy import update

from tests.agents.machine import AgentPeer
from tests.pages.scene import jobs_of, submitted
from tests.people import token
from tests.test_access import routes
from webapp.extensions import db
from webapp.models.runner import ON_DEMAND, Runner
from webapp.models.transaction import writing
from webapp.models.user import ROLES


@pytest.fixture
def machine(app, people):
    """Whose credential was stolen."""
    return AgentPeer(app).register().start()


def headers(secret, session="00000000-0000-0000-0000-000000000000"):
    return {"Authorization": f"Bearer {secret}", "Runner-Session": session}


def test_it_opens_no_part_of_the_api_and_no_page(app, machine, anonymous):
    for audience in ROLES:
        for method, path in routes(app, f"token {audience}"):
            answer = anonymous.open(path, method=method, headers=headers(machine.credential))
            assert answer.status_code == 401, (method, path)
        for method, path in routes(app, audience):
            answer = anonymous.open(path, method=method, headers=headers(machine.credential))
            assert answer.status_code == 303, (method, path)


def test_a_personal_token_is_no_credential_of_a_runner(app, machine, anonymous):
    tried = list(routes(app, "runner"))
    assert len(tried) > 12
    for method, path in tried:
        answer = anonymous.open(path, method=method, headers=headers(token("admin")))
        assert (answer.status_code, answer.json["code"]) == (401, "unknown_credential"), path


def test_every_call_about_a_job_of_another_runner_is_refused(app, machine):
    run = submitted()
    machine.poll()
    (job,) = jobs_of(run)
    thief = AgentPeer(app, "cd" * 32).register().start()
    bodies = {
        "log?attempt=1&offset=0": b"forged",
        "secrets": {"attempt": 1},
        "code": {"attempt": 1},
        "diff": {"attempt": 1, "offset": 0},
        "archive": {"attempt": 1, "offset": 0},
        "hosts": {"attempt": 1, "known_hosts": ""},
        "artifacts": {"attempt": 1, "files": []},
        "artifacts/done": {"attempt": 1, "trouble": None},
        f"blobs/{'0' * 64}?attempt=1&offset=0": b"forged",
        "inputs": {"attempt": 1, "from": 0},
        f"inputs/{'0' * 64}": {"attempt": 1, "offset": 0, "size": 1},
        "inputs/bundle": {"attempt": 1, "files": ["0" * 64]},
        "blobs?attempt=1": b'[["' + b"0" * 64 + b'", 1]]\nx',
    }
    known = {
        rule.rule.partition("<job_id>/")[2].replace("<sha256>", "0" * 64)
        for rule in app.url_map.iter_rules()
        if "<job_id>" in rule.rule and rule.endpoint.startswith("agents.")
    }
    assert known == {path.partition("?")[0] for path in bodies}, "try the new call too"
    for path, body in bodies.items():
        sent = {"data": body} if isinstance(body, bytes) else {"json": body}
        given = headers(thief.credential, thief.session)
        answer = thief.client.post(f"/agents/v1/jobs/{job.id}/{path}", headers=given, **sent)
        assert (answer.status_code, answer.json["code"]) == (409, "old_attempt"), (
            path,
            answer.text,
        )
    assert thief.report("started", job.id).status_code == 409
    ended = {"outcome": "exited", "exit_code": 0, "log_size": 0}
    assert thief.report("finished", job.id, **ended).status_code == 409
    assert jobs_of(run)[0].status == "running"


def test_holding_the_job_of_another_runner_gets_an_order_to_drop_it(app, machine):
    run = submitted()
    machine.poll()
    (job,) = jobs_of(run)
    thief = AgentPeer(app, "cd" * 32).register().start()
    answer = thief.poll((job.id, 1))
    assert answer["orders"] == [{"job": job.id, "attempt": 1, "order": "drop"}]
    assert answer["jobs"] == []


def test_a_removed_runner_is_out_at_once(app, machine, member):
    member.post(f"/runners/{machine.name}/remove")
    answer = machine.call("poll", {"holding": [], "slots": 1})
    assert (answer.status_code, answer.json["code"]) == (403, "runner_removed")


def test_a_machine_of_a_limit_cannot_be_turned_into_a_runner_that_stays(app, machine):
    with writing():
        row = update(Runner.__table__).where(Runner.__table__.c.id == machine.runner_id)
        db.session.execute(row.values(kind=ON_DEMAND))
    copy = AgentPeer(app, "cd" * 32)
    answer = copy.call("clone", copy.hello(), secret=machine.credential)
    assert (answer.status_code, answer.json["code"]) == (403, "not_allowed")
    assert db.session.query(Runner).count() == 1
