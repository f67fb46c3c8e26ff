"""Zero bytes are refused with a sentence, whatever the database; PostgreSQL stores none."""

import json

import pytest

from tests.agents.machine import AgentPeer
from tests.pages.scene import jobs_of, submitted
from tests.people import bearer
from webapp.zero_bytes import in_json


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"run_name": "a\0b"}, "run_name"),
        ({"a": {"b": ["x", "\0"]}}, "a.b.1"),
        ({"a\0b": 1}, "a?b"),
        ("\0", "body"),
        ({"text": "\\u0000 as it is written"}, None),
        ({"text": "\\\\u0000"}, None),
        ({"text": "\\\0"}, "text"),
        ({"text": "0000"}, None),
    ],
)
def test_it_is_found_where_it_is(body, place):
    assert in_json(json.dumps(body).encode()) == place


def test_what_is_no_json_is_somebody_elses_to_refuse():
    assert in_json(b'{"a": "\\u0000"') is None
    assert in_json(b'{"a": ' * 100_000 + b'"\\u0000"') is None


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("runs/stop", {"run_name": "\0"}, "run_name"),
        ("jobs/stop", {"job_id": "a\0"}, "job_id"),
        ("runs/tag", {"run_name": "x", "tag_name": "\0"}, "tag_name"),
        ("runs/submit", {"workflow_file": "commands: x", "variables": {"a": "\0"}}, "variables.a"),
        ("repos/init", {"repo_url": "https://example.org/\0"}, "repo_url"),
        ("secrets/set", {"name": "KEY", "value": "zero\0bytes"}, "value"),
    ],
)
def test_a_call_with_one_is_refused_and_names_the_field(anonymous, people, path, body, field):
    answer = anonymous.post(f"/api/{path}", json=body, headers=bearer("admin"))
    assert (answer.status_code, list(answer.json["fields"])) == (400, [field])


def test_an_address_with_one_leads_nowhere(anonymous, people, admin):
    for path in ("/runners/%00", "/settings/members/a%00/disable", "/jobs/%00/log", "/runs/%00"):
        assert admin.get(path).status_code == 404, path
    for path in ("/api/jobs/%00", "/api/jobs/%00/logs"):
        assert anonymous.get(path, headers=bearer("admin")).status_code == 404, path


def test_a_question_or_a_form_with_one_is_refused(admin, people, anonymous):
    answer = anonymous.get("/api/runs/query?run_name=%00", headers=bearer("admin"))
    assert answer.status_code == 400 and "run_name" in answer.json["message"]
    answer = admin.post("/settings/members", data={"name": "a\0b"})
    assert answer.status_code == 400 and "name: A zero byte" in answer.text
    assert admin.get("/runs?q=%00").status_code == 400


def test_a_report_is_not_lost_for_one(app, people):
    """A program's last words may hold any byte; the job has to end all the same."""
    machine = AgentPeer(app).register().start()
    run = submitted()
    machine.poll()
    (job,) = jobs_of(run)
    ended = {"outcome": "failed", "reason": "git: bad \0 object", "log_size": 0}
    assert machine.report("finished", job.id, **ended).status_code == 200
    (job,) = jobs_of(run)
    assert (job.status, job.reason) == ("failed", "git: bad \ufffd object")
