import pytest
from sqlalchemy import func, select

from tests.people import TESTS, bearer, token
from webapp.clock import now
from webapp.extensions import db
from webapp.models.event import events_of
from webapp.models.job import Job
from webapp.models.run import Run, run_named
from webapp.models.transaction import writing
from webapp.models.user import disable

FILE = "workflows:\n- {name: train, commands: [a, b], retries: 2}\n- {name: test, commands: x}\n"


@pytest.fixture
def submit(anonymous, people):
    def call(role="member", **body):
        return anonymous.post("/api/runs/submit", json=body, headers=bearer(role))

    return call


def runs():
    return db.session.scalar(select(func.count()).select_from(Run))


def test_it_answers_with_the_name_of_the_run(submit):
    answer = submit(workflow_file=FILE, workflow_name="train")
    assert (answer.status_code, list(answer.json)) == (200, ["run_name"])
    run = run_named(answer.json["run_name"])
    assert (run.workflow_name, run.source, run.user.name) == ("train", FILE, "max")
    assert [job.retries for job in run.jobs] == [2]
    assert events_of(run_id=run.id)[0].who == "max"


def test_the_only_workflow_needs_no_name(submit):
    run = submit(workflow_file="commands: echo hello").json["run_name"]
    assert db.session.scalar(select(Job.commands)) == "echo hello"
    assert run_named(run).workflow_name is None


def test_it_says_that_a_repository_or_a_workflow_file_is_needed(submit):
    answer = submit(workflow_name="train")
    assert answer.status_code == 400
    assert "`workflow_file`" in answer.json["message"]
    assert list(answer.json["fields"]) == ["workflow_file"]


@pytest.mark.parametrize(
    "extra", [{"repo_url": "https://example.org/x"}, {"repo_diff": "x"}, {"variables": {"a": "b"}}]
)
def test_what_would_be_ignored_is_refused(submit, extra):
    assert submit(workflow_file="commands: x", **extra).status_code == 400
    assert runs() == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"workflow_file": 3}, "workflow_file"),
        ({"workflow_file": "commands: x", "workflow_name": ["a"]}, "workflow_name"),
        ({"workflow_file": "commands: x", "unheard_of": 1}, "unheard_of"),
        ({"workflow_file": FILE, "workflow_name": "no"}, "workflow_name"),
        ({"workflow_file": ""}, "workflow_file"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_submitted(submit, body, field):
    answer = submit(**body)
    assert (answer.status_code, list(answer.json["fields"])) == (400, [field])
    assert runs() == 0


def test_every_problem_of_the_file_is_told_with_its_line(submit):
    answer = submit(workflow_file="commands: x\ntimeout: soon\nimage: 'a b'\n")
    assert answer.json["code"] == "bad_workflow"
    told = [(item["file"], item["line"], item["where"]) for item in answer.json["problems"]]
    assert told == [("workflows.yaml", 2, "timeout"), ("workflows.yaml", 3, "image")]


def test_variables_are_filled_in_and_kept_with_the_run(submit):
    text = "commands: 'echo ${{ a }} ${{ b }}'\nvariables: {global: {a: 1, b: 2}}"
    run = run_named(submit(workflow_file=text, variables={"b": "x"}).json["run_name"])
    assert run.variables == {"a": "1", "b": "x"}
    assert run.jobs[0].commands == "echo 1 x"
    assert run.jobs[0].environment == {"A": "1", "B": "x"}


def test_a_variable_that_the_workflow_does_not_have_is_named(submit):
    text = "commands: x\nvariables: {global: {epochs: 1}}"
    answer = submit(workflow_file=text, variables={"epcohs": "2"})
    assert (answer.status_code, list(answer.json["fields"])) == (400, ["variables"])
    assert "did you mean `epochs`?" in answer.json["message"]
    assert runs() == 0


CHAIN = """workflows:
  - {name: prepare, commands: [make]}
  - {name: train, commands: [train], depends-on: [prepare]}
"""


def test_jobs_that_need_each_other_are_one_run(submit):
    name = submit(workflow_file=CHAIN, workflow_name="train").json["run_name"]
    first, second = run_named(name).jobs
    assert (first.workflow_name, second.workflow_name) == ("prepare", "train")
    assert (first.blocked_by, second.depends_on, second.blocked_by) == (0, [first.id], 1)


def test_an_unknown_tag_is_an_error_before_anything_runs(submit):
    answer = submit(workflow_file="commands: x\ndepends-on: [prepare:latest]")
    assert (answer.status_code, answer.json["code"]) == (400, "unknown_tag")
    assert answer.json["message"] == (
        "prepare:latest: no run has the tag latest. No run has a tag yet."
    )
    assert list(answer.json["fields"]) == ["workflow_file"] and runs() == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"workflow_file": "commands: " + "x" * 10_000_000}, 400),
        ({"workflow_file": "commands: " + "x" * 17_000_000}, 413),
        (
            {"workflow_file": "commands: x", "variables": dict.fromkeys(map(str, range(9999)), "")},
            400,
        ),
        ({"workflow_file": "commands: x", "variables": {"a\nb": "1"}}, 400),
        ({"workflow_file": "commands: x", "variables": {"--rm": "1"}}, 400),
        ({"workflow_file": "commands: '${{ ${{ a }} }}'", "variables": {"a": "1"}}, 400),
        ({"workflow_file": "commands: &a [*a]"}, 400),
    ],
    ids=["10 MB", "17 MB", "variables", "newline", "option", "nested", "loop"],
)
def test_what_is_meant_to_hurt_is_refused_with_a_sentence(submit, body, status):
    answer = submit(**body)
    assert answer.status_code == status
    assert answer.json["message"].endswith((".", "`."))
    assert runs() == 0


def test_what_is_not_json_is_a_bad_request(anonymous, people):
    answer = anonymous.post("/api/runs/submit", data=b"{", headers=bearer())
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")


def test_a_trailing_slash_is_accepted(anonymous, people):
    body = {"workflow_file": "commands: x"}
    assert anonymous.post("/api/runs/submit/", json=body, headers=bearer()).status_code == 200


def test_a_viewer_submits_nothing(submit):
    answer = submit(role="viewer", workflow_file="commands: x")
    assert (answer.status_code, answer.json["code"], runs()) == (403, "not_allowed", 0)


def test_a_disabled_person_submits_nothing(anonymous, people):
    headers = {"Authorization": f"Bearer {token()}"}
    with writing():
        disable(TESTS, people["member"], now())
    answer = anonymous.post("/api/runs/submit", json={}, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (401, "unknown_credential")
