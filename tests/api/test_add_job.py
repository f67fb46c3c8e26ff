"""`jobs/submit`: a program of a run adds jobs to it."""

import pytest

from tests.agents.machine import AgentPeer
from tests.people import bearer
from webapp.engine.shell import script
from webapp.extensions import db
from webapp.models.event import events_of
from webapp.models.job import Job
from webapp.models.run import run_named

# What version 0.0.4.2 of the client's library sends, with nothing set.
NULLS = dict.fromkeys(
    "workflow_name previous_job_ids repo_diff variables artifacts resources image_name commands "
    "port_count ports environment working_dir master_job_id apps".split()
)


@pytest.fixture
def run_name(anonymous, people):
    body = {"workflow_file": "commands: [ls]\nvariables: {global: {size: 7}}\nartifacts: [data]\n"}
    answer = anonymous.post("/api/runs/submit", json=body, headers=bearer())
    return answer.json["run_name"]


@pytest.fixture
def add(anonymous, run_name):
    def call(role="member", key=None, **body):
        headers = {**bearer(role), **({"Idempotency-Key": key} if key else {})}
        body = {"run_name": run_name, "commands": ["true"], **body}
        return anonymous.post("/api/jobs/submit", json=body, headers=headers)

    return call


@pytest.fixture
def machine(app, people):
    return AgentPeer(app).register().start()


def job(answer):
    assert answer.status_code == 200, answer.text
    db.session.expire_all()
    return db.session.get_one(Job, answer.json["job_id"])


def test_it_takes_all_that_the_library_sends(add, run_name):
    about = {"user_name": "max", "repo_url": "a", "repo_branch": "b", "repo_hash": "c"}
    sent = {
        **NULLS,
        **about,
        "workflow_name": "train",
        "image_name": "python:3.12",
        "commands": ["pip install x", "python train.py"],
        "environment": {"A": "b"},
        "artifacts": ["model"],
        "working_dir": "src",
        "port_count": 2,
        "resources": {
            "cpu": {"count": 2},
            "memory": "4GB",
            "gpu": {"count": 1, "name": "V100", "memory": "16GB"},
            "shm_size": "1GB",
            "interruptible": True,
        },
    }
    new = job(add(**sent))
    assert (new.run_id, new.position) == (run_named(run_name).id, 1)
    assert (new.image, new.working_dir, new.provider) == ("python:3.12", "src", "docker")
    assert new.commands == script(sent["commands"])
    assert (new.environment["A"], new.environment["SIZE"]) == ("b", "7")
    assert (new.artifact_paths, new.ports, new.workflow_name) == (["model"], 2, "train")
    assert (new.cpu_milli, new.memory_mib, new.shm_mib) == (2000, 4096, 1024)
    assert (new.gpu_count, new.gpu_name, new.gpu_memory_mib) == (1, "V100", 16384)
    assert new.interruptible is True


@pytest.mark.parametrize("ports", [{"80": None, "443": None}, ["80", "443"], [80, 443]])
def test_ports_are_counted_whichever_way_they_are_named(add, ports):
    assert job(add(ports=ports)).ports == 2


def test_a_runner_takes_it_at_once(add, machine):
    (first,) = machine.poll()["jobs"]
    new = job(add())
    (taken,) = machine.poll((first["job"], 1))["jobs"]
    assert taken["job"] == new.id


def test_it_waits_for_the_jobs_before_it_and_begins_with_what_they_left(add, machine, run_name):
    first = run_named(run_name).jobs[0].id
    machine.poll()
    new = job(add(previous_job_ids=[first, first]))
    assert (new.depends_on, new.input_jobs, new.blocked_by) == ([first], [first], 1)
    machine.finish(first)
    db.session.expire_all()
    assert db.session.get_one(Job, new.id).blocked_by == 0


def test_after_a_job_that_is_done_it_waits_for_none(add, machine, run_name):
    other = job(add()).id
    first = run_named(run_name).jobs[0].id
    machine.poll()
    machine.finish(first)
    assert job(add(previous_job_ids=[first])).blocked_by == 0
    assert other in [each.id for each in run_named(run_name).jobs]


def test_after_a_job_that_failed_it_is_stopped_and_says_why(add, machine, run_name):
    first = run_named(run_name).jobs[0].id
    machine.poll()
    add()  # the run goes on
    machine.finish(first, exit_code=1)
    new = job(add(previous_job_ids=[first]))
    assert new.status == "stopped" and "failed" in new.reason


def test_it_leaves_an_event(add, run_name):
    new = job(add())
    event = events_of(run_id=run_named(run_name).id)[0]
    assert (event.what, event.who, event.job_id) == ("job added", "max", new.id)


def test_under_a_key_it_is_added_once(add, run_name):
    assert add(key="one").json == add(key="one").json
    assert len(run_named(run_name).jobs) == 2
    assert add(key="one", commands=["false"]).status_code == 422


def test_a_run_that_is_over_takes_no_more(add, machine, run_name):
    machine.poll()
    machine.finish(run_named(run_name).jobs[0].id)
    answer = add()
    assert answer.status_code == 400 and "only to a run that goes on" in answer.json["message"]


def test_an_unknown_run_is_404(add):
    assert add(run_name="no-such-1").status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"commands": None}, "commands"),
        ({"commands": []}, "commands"),
        ({"image_name": "a b;c"}, "image_name"),
        ({"workflow_name": "../x"}, "workflow_name"),
        ({"artifacts": ["/etc"]}, "artifacts[0]"),
        ({"environment": {"9": "x"}}, "environment.9"),
        ({"environment": {"A": "\0"}}, "environment.A"),
        ({"resources": {"memory": "much"}}, "resources.memory"),
        ({"resources": {"cpu": {"count": -1}}}, "resources.cpu"),
        ({"resources": {"disk": 1}}, "resources.disk"),
        ({"previous_job_ids": ["ffffffffffff"]}, "previous_job_ids"),
        ({"master_job_id": "ffffffffffff"}, "master_job_id"),
        ({"port_count": 1000}, "ports"),
        ({"run_name": None}, "run_name"),
        ({"unheard_of": 1}, "unheard_of"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_added(add, run_name, body, field):
    answer = add(**body)
    assert (answer.status_code, list(answer.json["fields"])) == (400, [field]), answer.text
    assert len(run_named(run_name).jobs) == 1


def test_a_job_of_another_run_is_none_to_wait_for(add, anonymous):
    body = {"workflow_file": "commands: [ls]\n"}
    other = anonymous.post("/api/runs/submit", json=body, headers=bearer()).json["run_name"]
    answer = add(previous_job_ids=[run_named(other).jobs[0].id])
    assert list(answer.json["fields"]) == ["previous_job_ids"]


def test_a_viewer_adds_nothing_and_nobody_without_a_token(add, anonymous):
    assert add(role="viewer").status_code == 403
    assert anonymous.post("/api/jobs/submit", json={}).status_code == 401
