"""Every key that the published client reads is there, also when it is null."""

import pytest

from tests.agents.machine import AgentPeer
from tests.pages.aws_scene import a_limit, a_machine, booted, configure
from tests.people import TESTS, bearer
from webapp.clock import now
from webapp.engine.jobs import Code, JobSpec
from webapp.models.run import run_named
from webapp.models.submission import submit_run
from webapp.models.transaction import writing

REPO = "repo_url repo_branch repo_hash repo_diff"
MOMENTS = "submitted_at started_at finished_at updated_at"
RUNNER = "runner_id runner_name runner_user_name"
RUN = f"""user_name run_name workflow_name {REPO} variables {MOMENTS} status tag_name {RUNNER}
    number_of_finished_jobs number_of_unfinished_jobs""".split()
JOB = f"""user_name job_id run_name workflow_name previous_job_ids {REPO} variables
    user_artifacts_s3_bucket {MOMENTS} status {RUNNER} artifact_paths requirements host_name ports
    apps""".split()
MACHINE = """runner_id user_name runner_name host_name status updated_at resources region_name
    estimated_price purchase_type""".split()
WORKFLOW = """run_name workflow_name provider_name status artifact_paths tag_name submitted_at
    updated_at ports availability_issues apps""".split()
LIMIT = """region_name instance_type purchase_type maximum resources availability_issues_at
    availability_issues_message""".split()
URL = "https://example.org/a.git"
CODE = Code(URL, "main", "0" * 40, "diff")


@pytest.fixture
def get(anonymous, people):
    def call(path):
        answer = anonymous.get(f"/api/{path}", headers=bearer("viewer"))
        assert answer.status_code == 200, answer.text
        (items,) = answer.json.values()
        return items

    return call


def submit(people, code=CODE):
    specs = [
        JobSpec("a", "prepare", provider="bash", artifacts=("data",)),
        JobSpec("b", "train", provider="docker", image="x", artifacts=("m",), depends_on=(0,)),
    ]
    with writing():
        about = {"workflow_name": "train", "variables": {"n": "1"}, "code": code}
        return submit_run(TESTS, people["member"].id, specs, now(), **about)


def test_a_run(get, people):
    name = submit(people)
    (run,) = get(f"runs/query?run_name={name}")
    assert set(RUN) <= run.keys()
    assert (run["repo_url"], run["repo_branch"], run["repo_diff"]) == (URL, "main", "diff")
    assert run["variables"] == {"n": "1"} and run["submitted_at"] == now()


def test_a_job(get, people):
    name = submit(people)
    first, second = get(f"jobs/query?repo_url={URL}&run_name={name}")
    assert set(JOB) <= first.keys()
    assert (first["previous_job_ids"], second["previous_job_ids"]) == ([], [first["job_id"]])
    assert second["artifact_paths"] == [f"max/{name}/{second['job_id']}/m"]
    assert (second["repo_hash"], second["variables"], second["apps"]) == ("0" * 40, {"n": "1"}, [])
    needs = {"cpu", "memory", "shm_size", "gpu", "interruptible"}
    assert second["requirements"].keys() == needs


def test_a_run_without_a_repository(get, people):
    (run,) = get(f"runs/query?run_name={submit(people, Code())}")
    assert [run[key] for key in REPO.split()] == [None] * 4


def test_a_self_hosted_runner(app, get):
    AgentPeer(app).register().start()
    (runner,) = get("runners/query")
    assert set(MACHINE) <= runner.keys()
    assert [runner[key] for key in MACHINE[-3:]] == [None] * 3


def test_a_machine_of_ec2_has_the_price_that_ec2_last_told(app, get):
    configure()
    booted(a_machine(a_limit()))
    (runner,) = get("runners/query")
    assert (runner["status"], runner["purchase_type"]) == ("live", "spot")
    assert (runner["region_name"], runner["estimated_price"]) == ("eu-west-1", 0.08)
    assert runner["resources"]["interruptible"] is True


def test_a_machine_that_is_asked_for(app, get):
    configure()
    a_machine(a_limit())
    (runner,) = get("runners/query?repo_url=anything")
    assert (runner["status"], runner["host_name"]) == ("requested", None)


def test_a_limit(app, get):
    configure()
    a_limit()
    (limit,) = get("on-demand/limits/query")
    assert set(LIMIT) <= limit.keys()
    assert limit["resources"]["cpu"] == {"count": 4}


def test_a_workflow_of_a_run(get, people):
    name = submit(people)
    rows = get("runs/workflows/query?n=1")
    assert all(set(WORKFLOW) <= row.keys() for row in rows)
    assert [(row["workflow_name"], row["provider_name"]) for row in rows] == [
        ("train", "docker"),
        ("prepare", "bash"),
    ], "the last one first"
    job = run_named(name).jobs[0].id
    assert rows[1]["artifact_paths"] == [f"max/{name}/{job}/data"]
    assert rows[1]["availability_issues"][0]["job_id"] == job
