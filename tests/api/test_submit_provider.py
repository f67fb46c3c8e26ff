"""`runs/submit` as the later published client makes it: provider_… beside or instead of a name."""

import pytest

from tests.git_scene.repository import Repository
from tests.people import bearer
from webapp.models.run import run_named

WORKFLOWS = "workflows: [{name: train, provider: bash, commands: [echo]}]\n"
NULLS = dict.fromkeys(("workflow_name", "provider_repo", "provider_branch"))


@pytest.fixture
def submit(app, anonymous, people, tmp_path):
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"allow_local_repos": True})

    def call(files=None, **body):
        repository = Repository(tmp_path / "thing", files or {"a": "b"})
        url = {"repo_url": repository.url}
        assert anonymous.post("/api/repos/init", json=url, headers=bearer()).status_code == 200
        place = {**url, "repo_branch": "main", "repo_hash": repository.hash()}
        body = {**NULLS, **place, "provider_args": [], "variables": {}, **body}
        return anonymous.post("/api/runs/submit", json=body, headers=bearer())

    return call


def test_a_workflow_whose_provider_is_named_too(submit):
    answer = submit(
        {".dstack/workflows.yaml": WORKFLOWS}, workflow_name="train", provider_name="bash"
    )
    run = run_named(answer.json["run_name"])
    assert (run.workflow_name, run.jobs[0].provider) == ("train", "bash")


def test_arguments_set_properties_of_the_workflow(submit):
    files = {".dstack/workflows.yaml": WORKFLOWS}
    about = {"workflow_name": "train", "provider_name": "bash"}
    answer = submit(files, **about, provider_args=["--cpu", "2"])
    assert run_named(answer.json["run_name"]).jobs[0].cpu_milli == 2000


def test_a_provider_by_itself_needs_no_workflow_file(submit):
    args = ["train.py", "--epochs", "3"]
    run = run_named(submit(provider_name="python", provider_args=args).json["run_name"])
    (job,) = run.jobs
    assert (run.workflow_name, job.provider, len(run.repo_hash)) == (None, "python", 40)
    assert job.commands == "python train.py --epochs 3"
    assert run.source == '["python", "train.py", "--epochs", "3"]'


def test_it_sees_global_variables_and_those_given_count_more(submit):
    files = {".dstack/variables.yaml": "variables: {global: {seed: 7, size: 1}, other: {a: 2}}\n"}
    args = ["-c", "echo ${{ seed }} ${{ size }}"]
    answer = submit(files, provider_name="bash", provider_args=args, variables={"size": "5"})
    run = run_named(answer.json["run_name"])
    assert (run.jobs[0].commands, run.variables) == ("echo 7 5", {"seed": "7", "size": "5"})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"provider_name": "lab"}, "provider_args"),
        ({"provider_name": "bash"}, "provider_args"),
        (
            {"provider_name": "bash", "provider_args": ["-c", "ls"], "variables": {"no": "1"}},
            "variables",
        ),
        ({"provider_name": "bash", "provider_branch": "main"}, "provider_repo"),
        ({"provider_name": "bash", "provider_repo": "https://example.org/a"}, "provider_repo"),
        ({"provider_name": "bash", "provider_args": "-c ls"}, "provider_args"),
        ({"provider_args": ["-c", "ls"]}, "repo_hash"),
    ],
)
def test_a_wrong_field_is_named(submit, body, field):
    answer = submit(**body)
    assert (answer.status_code, list(answer.json["fields"])) == (400, [field]), answer.text


def test_a_provider_needs_no_repository_either(anonymous, people):
    body = {"provider_name": "bash", "provider_args": ["-c", "ls"]}
    answer = anonymous.post("/api/runs/submit", json=body, headers=bearer())
    assert run_named(answer.json["run_name"]).jobs[0].commands == "ls"
