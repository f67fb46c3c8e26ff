import pytest

from tests.agents.machine import AgentPeer
from tests.people import bearer

FILE = """
workflows:
  - name: train
    commands: [echo hello]
  - name: test
    commands: ["true"]
"""


@pytest.fixture
def post(anonymous, people):
    def call(path, role="member", **body):
        return anonymous.post(f"/api/runs/{path}", json=body, headers=bearer(role))

    return call


@pytest.fixture
def query(anonymous, people):
    def call(**words):
        headers = bearer("viewer")
        return anonymous.get("/api/runs/query", query_string=words, headers=headers).json["runs"]

    return call


@pytest.fixture
def run_name(post):
    return post("submit", workflow_file=FILE, workflow_name="train").json["run_name"]


@pytest.fixture
def machine(app, people):
    return AgentPeer(app).register().start()


def done(machine):
    (job,) = machine.poll()["jobs"]
    machine.finish(job["job"])


def test_a_submitted_run_is_seen_by_the_next_query(run_name, query):
    (run,) = query()
    assert (run["run_name"], run["workflow_name"], run["status"]) == (
        run_name,
        "train",
        "submitted",
    )
    assert (run["user_name"], run["number_of_unfinished_jobs"]) == ("max", 1)
    assert run["variables"] == {} and run["repo_url"] is None


def test_a_trailing_slash_is_accepted(anonymous, people):
    assert anonymous.get("/api/runs/query/", headers=bearer()).status_code == 200


def test_it_names_the_line_of_what_is_wrong(post):
    answer = post("submit", workflow_file="workflows:\n  - name: x\n    comands: [ls]\n")
    assert answer.status_code == 400
    assert 3 in [problem["line"] for problem in answer.json["problems"]]
    assert "line 3" in answer.json["fields"]["workflow_file"]


def test_it_asks_which_workflow_when_there_are_several(post):
    answer = post("submit", workflow_file=FILE)
    assert answer.status_code == 400
    assert "train, test" in answer.json["fields"]["workflow_name"]


def test_a_viewer_submits_nothing(post):
    assert post("submit", role="viewer", workflow_file=FILE).status_code == 403


@pytest.mark.parametrize("path", ["submit", "stop", "resume", "restart", "tag", "untag", "prune"])
def test_nothing_without_a_token(anonymous, people, path):
    assert anonymous.post(f"/api/runs/{path}", json={}).status_code == 401


def test_finished_runs_are_listed_when_nothing_else_is(run_name, query, machine):
    done(machine)
    assert [(run["run_name"], run["status"]) for run in query()] == [(run_name, "done")]


def test_n_gives_the_last_n(run_name, post, query):
    second = post("submit", workflow_file=FILE, workflow_name="test").json["run_name"]
    assert [run["run_name"] for run in query(n=1)] == [second]
    assert [run["run_name"] for run in query(run_name=run_name)] == [run_name]


def test_a_wrong_n_is_named(anonymous, people):
    answer = anonymous.get("/api/runs/query?n=many", headers=bearer())
    assert answer.status_code == 400 and "n" in answer.json["fields"]


def test_it_stops_and_resumes_a_waiting_run(run_name, post, query):
    assert post("stop", run_name=run_name).status_code == 200
    assert query()[0]["status"] == "stopped"
    assert post("resume", run_name=run_name).status_code == 200
    assert query()[0]["status"] == "submitted"


def test_it_aborts_a_running_run(run_name, post, query, machine):
    machine.poll()
    post("stop", run_name=run_name, abort=True)
    assert query()[0]["status"] == "aborting"


def test_stopping_what_is_over_is_no_mistake(run_name, post, machine):
    done(machine)
    assert post("stop", run_name=run_name).status_code == 200


@pytest.mark.parametrize("path", ["stop", "resume", "restart", "tag", "untag"])
def test_an_unknown_run_is_404(post, path):
    assert post(path, run_name="no-such-1").status_code == 404


def test_a_run_that_goes_on_is_not_resumed(run_name, post):
    answer = post("resume", run_name=run_name)
    assert (answer.status_code, answer.json["message"]) == (400, "run is not stopped")
    assert answer.json["detail"] == f"{run_name} is not stopped."


def test_it_restarts_a_finished_run(run_name, post, query, machine):
    done(machine)
    assert post("restart", run_name=run_name, clear=True).status_code == 200
    assert query()[0]["status"] == "submitted"


def test_a_tag_belongs_to_one_run(run_name, post, query):
    other = post("submit", workflow_file=FILE, workflow_name="test").json["run_name"]
    assert post("tag", run_name=run_name, tag_name="best").status_code == 200
    assert post("tag", run_name=other, tag_name="best").status_code == 400
    assert post("tag", run_name=other).status_code == 200
    assert query(run_name=other)[0]["tag_name"] == other
    post("untag", run_name=other)
    assert query(run_name=other)[0]["tag_name"] is None


def test_prune_deletes_finished_runs_without_a_tag(run_name, post, query, machine):
    done(machine)
    kept = post("submit", workflow_file=FILE, workflow_name="test").json["run_name"]
    post("prune", repo_url=None)
    assert [run["run_name"] for run in query(n=10)] == [kept]
