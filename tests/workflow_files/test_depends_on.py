import textwrap

import pytest

from webapp.engine.jobs import TaggedInput
from webapp.workflow_files import WorkflowErrors, read_workflows

DIAMOND = """
    workflows:
      - {name: report, commands: r, depends-on: [left, right]}
      - {name: left, commands: l, depends-on: [base]}
      - {name: right, commands: r, depends-on: base}
      - {name: base, commands: b}
      - {name: other, commands: o}
    """


def jobs(text, name, given=None):
    return read_workflows(textwrap.dedent(text)).pick(name).jobs(given)


def problems(text, name=None, given=None):
    with pytest.raises(WorkflowErrors) as caught:
        jobs(text, name, given)
    return [(problem.line, problem.where, problem.sentence) for problem in caught.value.problems]


def test_all_that_is_needed_comes_along_once_and_first():
    found = jobs(DIAMOND, "report")
    assert [job.workflow_name for job in found] == ["base", "left", "right", "report"]
    assert [job.depends_on for job in found] == [(), (0,), (0,), (1, 2)]


def test_what_is_not_needed_does_not_come_along():
    assert [job.workflow_name for job in jobs(DIAMOND, "right")] == ["base", "right"]
    assert [job.workflow_name for job in jobs(DIAMOND, "other")] == ["other"]


def test_a_tag_brings_along_artifacts_and_no_job():
    text = """
        variables: {global: {seed: 1}, prepare: {size: 2}}
        workflows:
          - {name: train, commands: t, depends-on: [prepare:latest, gone:v1.0]}
          - {name: prepare, commands: p}
        """
    (job,) = jobs(text, "train", {"seed": "7"})
    assert job.tagged_inputs == (
        TaggedInput("prepare", "latest", {"seed": "7", "size": "2"}),
        TaggedInput("gone", "v1.0", None),
    )
    assert job.depends_on == ()


def test_a_chain_of_a_hundred():
    items = "".join(f"- {{name: w{n}, commands: x, depends-on: [w{n + 1}]}}\n" for n in range(99))
    found = jobs(f"workflows:\n{items}- {{name: w99, commands: x}}", "w0")
    assert [job.workflow_name for job in found[:2]] == ["w99", "w98"]
    assert len(found) == 100


@pytest.mark.parametrize(
    ("needs", "line", "where", "says"),
    [
        ("[nope]", 2, "[0]", "There is no workflow nope; the file has a, b, c."),
        ("[b, nope]", 2, "[1]", "There is no workflow nope"),
        ("nope", 2, "", "There is no workflow nope"),
        ("[a]", 2, "[0]", "wait for each other: a -> a."),
        ("[b]", 2, "[0]", "wait for each other: a -> b -> c -> a."),
        ("[c, c]", 2, "[1]", "twice"),
        ("[c, 'c:']", 2, "[1]", "name:tag"),
        ("['c:a:b']", 2, "[0]", "name:tag"),
        ("['../c']", 2, "[0]", "name:tag"),
        ("[{a: b}]", 2, "[0]", "name:tag"),
        ("{a: b}", 2, "", "a list of names"),
    ],
)
def test_what_cannot_be_is_said_before_anything_runs(needs, line, where, says):
    text = f"""workflows:
    - {{name: a, commands: x, depends-on: {needs}}}
    - {{name: b, commands: x, depends-on: [c]}}
    - {{name: c, commands: x, depends-on: [a]}}
    """
    if "wait" not in says or needs == "[a]":
        text = text.replace("depends-on: [a]}\n", "}\n") if needs != "[a]" else text
    found = problems(text, "b")[0]
    assert found[:2] == (line, f"workflows[0].depends-on{where}")
    assert says in found[2]


def test_a_single_workflow_has_nobody_to_depend_on_but_tags():
    ((line, _, sentence),) = problems("commands: x\ndepends-on: [prepare]")
    assert (line, sentence[:34]) == (2, "There is no workflow prepare; the ")
    assert jobs("commands: x\ndepends-on: [prepare:v1]", None)[0].tagged_inputs


def test_a_variable_may_decide_what_is_needed():
    text = """
        variables: {global: {what: base}}
        workflows:
          - {name: train, commands: t, depends-on: ["${{ what }}"]}
          - {name: base, commands: b}
          - {name: back, commands: b, depends-on: [train]}
        """
    assert [job.workflow_name for job in jobs(text, "train")] == ["base", "train"]
    (tagged,) = jobs(text, "train", {"what": "base:latest"})
    assert tagged.tagged_inputs[0].tag == "latest"
    assert "wait for each other" in problems(text, "train", {"what": "back"})[0][2]
