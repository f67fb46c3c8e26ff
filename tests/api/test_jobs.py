import pytest

from tests.agents.machine import AgentPeer
from tests.people import TESTS, bearer
from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.models.run import run_named
from webapp.models.submission import submit_run
from webapp.models.transaction import writing


@pytest.fixture
def get(anonymous, people):
    def call(path, role="viewer"):
        return anonymous.get(f"/api/jobs/{path}", headers=bearer(role))

    return call


@pytest.fixture
def post(anonymous, people):
    def call(path, role="member", **body):
        return anonymous.post(f"/api/jobs/{path}", json=body, headers=bearer(role))

    return call


@pytest.fixture
def run_name(anonymous, people):
    body = {"workflow_file": "commands: [ls]\nresources: {memory: 2GB, cpu: 0.5}\n"}
    return anonymous.post("/api/runs/submit", json=body, headers=bearer()).json["run_name"]


@pytest.fixture
def job(run_name, get):
    return get(f"query?run_name={run_name}").json["jobs"][0]


def test_the_jobs_of_a_run(job, run_name):
    assert (job["run_name"], job["status"]) == (run_name, "submitted")
    assert job["requirements"]["cpu"] == {"count": 0.5}
    assert len(job["job_id"]) == 12


def test_one_job(job, get):
    assert get(job["job_id"]).json["job"]["job_id"] == job["job_id"]


def test_it_names_the_runner_of_a_job(app, job, get):
    machine = AgentPeer(app).register(name="gpu-box").start()
    machine.poll()
    found = get(job["job_id"]).json["job"]
    assert (found["runner_name"], found["runner_user_name"]) == ("gpu-box", "max")
    assert found["host_name"] == "gpu-box.example.org"


@pytest.mark.parametrize("path", ["ffffffffffff", "no-such-thing", "query?run_name=x", "query"])
def test_what_is_unknown_is_404(get, path):
    assert get(path).status_code == 404


def test_it_stops_and_resumes_a_job(job, post, get):
    post("stop", job_id=job["job_id"])
    assert get(job["job_id"]).json["job"]["status"] == "stopped"
    post("resume", job_id=job["job_id"])
    assert get(job["job_id"]).json["job"]["status"] == "submitted"


def test_a_waiting_job_cannot_be_resumed(job, post):
    answer = post("resume", job_id=job["job_id"])
    assert (answer.status_code, answer.json["message"]) == (400, "job is not stopped")


@pytest.fixture
def chain(people):
    """Ids of two jobs; the second one needs the first."""
    with writing():
        specs = [JobSpec("true", "prepare"), JobSpec("true", "train", depends_on=(0,))]
        name = submit_run(TESTS, people["member"].id, specs, now())
    return [job.id for job in run_named(name).jobs]


def test_it_names_the_jobs_that_come_before_and_why_it_waits(app, chain, get):
    first, second = (get(job).json["job"] for job in chain)
    assert (first["previous_job_ids"], second["previous_job_ids"]) == ([], chain[:1])
    AgentPeer(app).register(name="gpu-box").start().poll()
    assert get(chain[1]).json["job"]["waiting"] == "Waits for prepare (running on gpu-box)."
    assert get(chain[0]).json["job"]["waiting"] is None


def test_stopping_a_job_stops_those_that_need_it(chain, post, get):
    post("stop", job_id=chain[0])
    job = get(chain[1]).json["job"]
    assert (job["status"], job["reason"]) == (
        "stopped",
        "prepare was stopped: stop asked by max",
    )


def test_a_job_that_others_need_is_not_resumed_by_itself(chain, post):
    post("stop", job_id=chain[0])
    answer = post("resume", job_id=chain[0])
    assert (answer.status_code, answer.json["message"]) == (400, "other jobs depend on it")


def test_a_finished_job_is_restarted_and_its_log_dropped_if_that_is_wanted(app, job, post, get):
    machine = AgentPeer(app).register().start()
    machine.poll()
    machine.send_log(job["job_id"], b"old")
    machine.finish(job["job_id"])
    assert post("restart", job_id=job["job_id"], clear=False).status_code == 200
    assert get(job["job_id"]).json["job"]["status"] == "submitted"
    assert get(f"{job['job_id']}/logs?attempt=1").data == b"old"
    post("stop", job_id=job["job_id"])
    assert post("restart", job_id=job["job_id"], clear=True).status_code == 200
    assert get(f"{job['job_id']}/logs?attempt=1").data == b""


def test_a_job_that_goes_on_is_not_restarted(job, post):
    answer = post("restart", job_id=job["job_id"], clear=False)
    assert answer.status_code == 400 and "stop it first" in answer.json["message"]


@pytest.mark.parametrize("verb", ["resume", "restart"])
def test_a_job_that_others_need_is_not_queued_again_by_itself(anonymous, post, get, verb, people):
    file = """
workflows:
  - {name: prepare, commands: [a]}
  - {name: train, commands: [b], depends-on: [prepare]}
"""
    body = {"workflow_file": file, "workflow_name": "train"}
    name = anonymous.post("/api/runs/submit", json=body, headers=bearer()).json["run_name"]
    first = get(f"query?run_name={name}").json["jobs"][0]["job_id"]
    post("stop", job_id=first)
    answer = post(verb, job_id=first)
    assert (answer.status_code, answer.json["message"]) == (400, "other jobs depend on it")


@pytest.mark.parametrize("path", ["stop", "resume", "restart"])
def test_a_run_name_where_a_job_belongs_is_404(post, run_name, path):
    assert post(path, job_id=run_name).status_code == 404


@pytest.mark.parametrize("path", ["stop", "resume", "restart"])
def test_a_viewer_changes_nothing(post, job, path):
    assert post(path, role="viewer", job_id=job["job_id"]).status_code == 403


def test_nothing_without_a_token(anonymous, people):
    assert anonymous.get("/api/jobs/ffffffffffff").status_code == 401
    assert anonymous.post("/api/jobs/stop", json={}).status_code == 401
