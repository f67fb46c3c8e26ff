"""Run workflow, of a commit of a repository, with a real git."""

import re

import pytest
from sqlalchemy import select

from tests.git_scene.repository import Repository
from tests.pages.scene import jobs_of, text_of
from tests.people import TESTS
from webapp.clock import now
from webapp.engine.repository_access import Credentials
from webapp.extensions import db
from webapp.models.repo import repo_at
from webapp.models.repo_changes import keep_repo
from webapp.models.run import Run
from webapp.models.transaction import writing
from webapp.models.user import user_named

WORKFLOWS = """workflows:
  - name: train
    commands: ["train ${{ epochs }} ${{ rate }} ${{ seed }}"]
  - name: test
    commands: [test]
"""
VARIABLES = "variables: {global: {rate: 0.1}, train: {epochs: 3, seed: }}\n"
FILES = {".dstack/workflows.yaml": WORKFLOWS, ".dstack/variables.yaml": VARIABLES}
PAGE = "/runs/new/commit"


@pytest.fixture
def repository(app, people, tmp_path):
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"allow_local_repos": True})
    repository = Repository(tmp_path / "thing", FILES)
    keep(repository)
    return repository


def keep(repository):
    with writing():
        keep_repo(TESTS, user_named("max").id, repository.url, Credentials(), "", now())


@pytest.fixture
def send(member, repository):
    def call(**typed):
        repo = repo_at(repository.url).id
        of = f"{repo} {typed.get('branch', 'main')}"
        return member.post(PAGE, data={"repo": repo, "of": of, **typed})

    return call


def the_run():
    return db.session.scalars(select(Run)).one()


def no_run():
    return db.session.scalar(select(Run)) is None


def hidden(page, name):
    return re.search(rf'name="{name}" type="hidden" value="([^"]*)"', page.text)[1]


def test_without_any_repository_it_leads_to_adding_one(member):
    page = member.get(PAGE)
    assert page.status_code == 200 and "/settings/repositories/add" in page.text


def test_it_begins_with_the_default_branch_and_what_can_be_run_of_it(member, repository):
    page = member.get(PAGE)
    words = text_of(page)
    assert f"Commit {repository.hash()[:12]} , the newest of main" in words
    assert "Choose… train test" in words and 'value="main"' in page.text
    assert "epochs" not in words


def test_a_chosen_workflow_shows_its_variables_with_their_values(send):
    page = send(look="1", workflow="train")
    assert page.status_code == 200
    assert 'id="var-epochs" name="var-epochs"' in page.text and 'value="3"' in page.text
    assert 'name="var-rate"' in page.text and 'value="0.1"' in page.text
    assert no_run()


def test_it_runs_with_what_was_changed(send, repository):
    typed = {"workflow": "train", "var-epochs": "7", "var-rate": "0.1", "var-seed": "42"}
    answer = send(run="1", branch="main", **typed)
    run = the_run()
    assert answer.headers["Location"] == f"/runs/{run.name}"
    assert jobs_of(run)[0].commands == "train 7 0.1 42"
    assert (run.repo_hash, run.repo_branch) == (repository.hash(), "main")
    assert run.variables == {"epochs": "7", "rate": "0.1", "seed": "42"}


def test_a_workflow_without_variables_runs_at_once(send):
    send(run="1", workflow="test")
    assert jobs_of(the_run())[0].commands == "test"


def test_a_variable_that_is_needed_is_said_beside_its_field_and_the_rest_stays(send):
    answer = send(run="1", workflow="train", **{"var-epochs": "9", "var-seed": ""})
    assert answer.status_code == 400 and no_run()
    assert 'id="var-seed-wrong"' in answer.text and 'value="9"' in answer.text


def test_a_value_that_cannot_be_is_said_beside_its_field(send):
    typed = {"var-epochs": "${{ seed }}", "var-seed": "1"}
    answer = send(run="1", workflow="train", **typed)
    assert answer.status_code == 400 and 'id="var-epochs-wrong"' in answer.text and no_run()


def test_what_was_seen_is_what_runs(send, repository, member):
    seen = repository.hash()
    page = send(look="1", workflow="test")
    assert hidden(page, "seen") == seen
    repository.commit({"more": "x"})
    send(run="1", workflow="test", branch="main", seen=seen)
    assert the_run().repo_hash == seen


def test_looking_again_sees_what_came_since(send, repository):
    seen = repository.hash()
    newer = repository.commit({"more": "x"})
    assert hidden(send(look="1", branch="main", seen=seen), "seen") == newer


def test_a_commit_counts_more_than_the_branch(send, repository):
    old = repository.hash()
    repository.commit({".dstack/workflows.yaml": WORKFLOWS.replace("test", "exam")})
    page = send(look="1", branch="main", commit=old)
    assert "Choose… train test" in text_of(page)
    send(run="1", branch="main", commit=old, workflow="test")
    assert the_run().repo_hash == old


def test_another_repository_begins_anew(member, repository, tmp_path):
    other = Repository(tmp_path / "other", {".dstack/workflows.yaml": "commands: [only]\n"})
    keep(other)
    of, repo = repo_at(repository.url).id, repo_at(other.url).id
    typed = {"look": "1", "repo": repo, "of": f"{of} gone", "branch": "gone", "commit": "a" * 40}
    page = member.post(PAGE, data=typed)
    assert page.status_code == 200 and "gone" not in page.text and other.hash() in page.text
    assert "This workflow has no variables." in text_of(page)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"branch": "nowhere"}, "There is no branch nowhere"),
        ({"branch": "--x"}, "no name of a branch"),
        ({"commit": "abc"}, "whole hash"),
        ({"commit": "a" * 40}, "was it pushed?"),
        ({"workflow": "other"}, "Choose which workflow to run."),
        ({}, "Choose which workflow to run."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(send, typed, words):
    answer = send(run="1", **typed)
    assert answer.status_code == 400 and words in text_of(answer) and no_run()
    for name in ("branch", "commit"):
        assert f'value="{typed.get(name, "")}"' in answer.text or name not in typed


def test_mistakes_in_the_file_are_said_with_their_lines(send, repository):
    repository.commit({".dstack/workflows.yaml": "workflows:\n  - name: x\n    comands: [a]\n"})
    answer = send(look="1", branch="main")
    assert answer.status_code == 200 and "workflows.yaml, line 3" in text_of(answer)
    assert send(run="1", branch="main").status_code == 400 and no_run()


@pytest.mark.parametrize("repo", ["99", "x", "²", "", "9" * 40, "-1"])
def test_a_repository_that_is_not_there_is_said(member, repository, repo):
    answer = member.post(PAGE, data={"repo": repo, "run": "1"})
    assert answer.status_code == 400 and "Choose a repository." in text_of(answer)
    assert member.get(PAGE, query_string={"repo": repo}).status_code == 200


def test_a_branch_that_was_chosen_since_is_the_one_that_runs(send, repository, member):
    seen, repo = repository.hash(), repo_at(repository.url).id
    repository.branch("faster")
    newer = repository.commit({"more": "x"})
    typed = {"repo": repo, "of": f"{repo} main", "branch": "faster", "seen": seen}
    member.post(PAGE, data={**typed, "workflow": "test", "run": "1"})
    assert (the_run().repo_hash, the_run().repo_branch) == (newer, "faster")


def test_the_page_of_runs_leads_here_when_there_is_a_repository(member, repository):
    assert member.get("/runs/new").headers["Location"] == PAGE
    assert "Workflow file" in text_of(member.get("/runs/new?paste="))


def test_a_viewer_may_not(viewer, repository):
    assert viewer.get(PAGE).status_code == 403
