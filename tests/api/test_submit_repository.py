"""Submitting a commit of a repository, with a real git."""

import pytest
from sqlalchemy import func, select

from tests.git_scene.repository import Repository
from tests.people import bearer
from webapp.extensions import db
from webapp.models.run import Run, run_named

WORKFLOWS = """workflows:
  - name: train
    commands: ["echo ${{ epochs }}"]
"""
VARIABLES = "variables: {train: {epochs: 1}}\n"


@pytest.fixture
def repository(app, tmp_path):
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"allow_local_repos": True})
    files = {".dstack/workflows.yaml": WORKFLOWS, ".dstack/variables.yaml": VARIABLES}
    return Repository(tmp_path / "thing", files)


@pytest.fixture
def submit(anonymous, people, repository):
    def call(path="runs/submit", **body):
        body = {"repo_url": repository.url, **body}
        return anonymous.post(f"/api/{path}", json=body, headers=bearer())

    return call


@pytest.fixture
def known(submit):
    assert submit("repos/init").status_code == 200


def runs():
    return db.session.scalar(select(func.count()).select_from(Run))


def test_a_commit_is_submitted_as_the_client_sends_it(submit, known, repository):
    head = repository.hash()
    repository.write({"notes": "mine\n", ".dstack/variables.yaml": VARIABLES.replace("1", "7")})
    diff = repository.diff().strip()  # the client's library cuts the last line end off
    answer = submit(
        workflow_name="train", repo_branch="main", repo_hash=head, repo_diff=diff, variables={}
    )
    assert answer.status_code == 200, answer.text
    run = run_named(answer.json["run_name"])
    assert (run.repo_url, run.repo_branch, run.repo_hash) == (repository.url, "main", head)
    assert (run.repo_diff, run.source, run.variables) == (diff, WORKFLOWS, {"epochs": "7"})
    assert run.jobs[0].commands == "echo 7"


def test_variables_given_count_more(submit, known):
    run = run_named(submit(workflow_name="train", variables={"epochs": "9"}).json["run_name"])
    assert run.jobs[0].commands == "echo 9" and len(run.repo_hash) == 40


def test_a_repository_that_was_not_initialised_is_not_found_in_the_clients_words(submit):
    answer = submit(workflow_name="train")
    assert (answer.status_code, answer.json["message"]) == (404, "repo not found")


def test_a_commit_that_was_not_pushed_is_said(submit, known):
    answer = submit(workflow_name="train", repo_hash="a" * 40)
    assert (answer.status_code, list(answer.json["fields"])) == (400, ["repo_hash"])
    assert "was it pushed?" in answer.json["message"] and runs() == 0


def test_a_mistake_in_the_repositorys_file_is_told_with_its_line(submit, known, repository):
    repository.commit({".dstack/workflows.yaml": "workflows:\n  - name: train\n"})
    answer = submit(workflow_name="train")
    assert (answer.status_code, answer.json["problems"][0]["line"]) == (400, 2)
    assert runs() == 0


def test_changes_that_do_not_fit_are_refused_at_once(submit, known):
    diff = "--- a/.dstack/x\n+++ b/.dstack/x\n@@ -1 +1 @@\n-a\n+b\n"
    answer = submit(workflow_name="train", repo_diff=diff)
    assert (answer.status_code, list(answer.json["fields"])) == (400, ["repo_diff"])
    assert "do not fit" in answer.json["message"] and runs() == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"workflow_file": WORKFLOWS}, "workflow_file"),
        ({"repo_url": None}, "workflow_file"),
        ({"repo_url": "", "repo_hash": "a" * 40}, "workflow_file"),
        ({"repo_hash": "HEAD"}, "repo_hash"),
        ({"repo_branch": "-x"}, "repo_branch"),
        ({"repo_diff": "a\0b"}, "repo_diff"),
        ({"workflow_name": "other"}, "workflow_name"),
    ],
)
def test_a_wrong_field_is_named(submit, known, body, field):
    answer = submit(**body)
    assert (answer.status_code, list(answer.json["fields"])) == (400, [field])
    assert runs() == 0
