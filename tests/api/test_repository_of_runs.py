"""What a repository narrows: the lists of runs, and what is pruned."""

import pytest

from tests.people import TESTS, bearer
from webapp.clock import now
from webapp.engine.jobs import Code, JobSpec
from webapp.models.job_moves import stop_job
from webapp.models.run import run_named
from webapp.models.submission import submit_run
from webapp.models.transaction import writing

ONE, TWO = "https://example.org/one.git", "https://example.org/two.git"


@pytest.fixture
def submit(people):
    """Name of a new run of that repository, with these workflows."""

    def call(url, *names, stopped=False):
        specs = [JobSpec("x", name) for name in names or ["train"]]
        with writing():
            run = submit_run(TESTS, people["member"].id, specs, now(), code=Code(url))
        if stopped:
            for job in run_named(run).jobs:
                with writing():
                    stop_job(TESTS, job, now(), abort=False)
        return run

    return call


@pytest.fixture
def names(anonymous, people):
    def call(path="runs/query", **words):
        answer = anonymous.get(f"/api/{path}", query_string=words, headers=bearer("viewer"))
        return [run["run_name"] for run in answer.json["runs"]]

    return call


@pytest.fixture
def prune(anonymous, people):
    def call(**body):
        return anonymous.post("/api/runs/prune", json=body, headers=bearer()).status_code

    return call


def test_only_runs_of_the_repository_are_listed(submit, names):
    one, two = submit(ONE), submit(TWO)
    assert names(repo_url=ONE) == [one]
    assert names() == [two, one]
    assert names(repo_url="https://example.org/other.git") == []


def test_its_last_finished_run_when_nothing_of_it_goes_on(submit, names):
    submit(ONE, stopped=True)
    last = submit(ONE, stopped=True)
    submit(TWO)
    assert names(repo_url=ONE) == [last]


def test_the_last_n_of_it(submit, names):
    first, second = submit(ONE, stopped=True), submit(ONE)
    submit(TWO)
    assert names(repo_url=ONE, n=2) == [second, first]
    assert names(repo_url=ONE, n=1, run_name=first) == [first]


def test_workflows_of_the_repository_one_item_for_each_run_and_workflow(submit, names):
    one = submit(ONE, "prepare", "train", "prepare")
    submit(TWO)
    path = "runs/workflows/query"
    assert names(path, repo_url=ONE) == [one, one]
    assert names(path, repo_url=ONE, workflow_name="train") == [one]
    assert names(path, run_name=one, workflow_name="nothing") == []


def test_n_counts_runs_however_many_workflows_they_have(submit, names):
    submit(ONE)
    last = submit(ONE, "a", "b")
    assert names("runs/workflows/query", n=1) == [last, last]


def test_only_runs_of_the_repository_are_pruned(submit, names, prune):
    submit(ONE, stopped=True)
    two = submit(TWO, stopped=True)
    assert prune(repo_url=ONE) == 200
    assert names(n=10) == [two]


def test_without_a_repository_all_are_pruned(submit, names, prune):
    submit(ONE, stopped=True)
    submit(None, stopped=True)
    going_on = submit(TWO)
    assert prune(repo_url=None) == 200
    assert names(n=10) == [going_on]


def test_a_viewer_prunes_nothing(submit, names, anonymous):
    one = submit(ONE, stopped=True)
    assert anonymous.post("/api/runs/prune", json={}, headers=bearer("viewer")).status_code == 403
    assert names() == [one]


@pytest.mark.parametrize("words", ["n=0", "n=1001", "n=x", "repo_url=" + "x" * 2001])
@pytest.mark.parametrize("path", ["runs/query", "runs/workflows/query"])
def test_a_wrong_word_is_named(anonymous, people, path, words):
    answer = anonymous.get(f"/api/{path}?{words}", headers=bearer())
    assert (answer.status_code, list(answer.json["fields"])) == (400, [words.partition("=")[0]])


def test_nothing_without_a_token(anonymous, people):
    assert anonymous.get("/api/runs/workflows/query").status_code == 401
