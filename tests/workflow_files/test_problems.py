import textwrap

import pytest

from webapp.workflow_files import WorkflowErrors, read_workflows
from webapp.workflow_files.limits import MOST_BYTES, MOST_NODES


def problems(text):
    with pytest.raises(WorkflowErrors) as caught:
        for workflow in read_workflows(text).items:
            workflow.jobs()
    return [(problem.line, problem.where, problem.sentence) for problem in caught.value.problems]


def the_problem(text):
    (problem,) = problems(text)
    return problem


def test_it_collects_all_problems_with_their_lines():
    found = problems(
        textwrap.dedent("""\
        workflows:
          - name: train
            comands: [x]
            resources:
              gpu: {cout: 1}
              cpu: many
            environment: [A=b, C]
          - name: a/b
            commands: [x, ""]
        """)
    )
    assert [(line, where) for line, where, _ in found] == [
        (2, "workflows[0].commands"),
        (3, "workflows[0].comands"),
        (5, "workflows[0].resources.gpu.cout"),
        (6, "workflows[0].resources.cpu"),
        (7, "workflows[0].environment[1]"),
        (8, "workflows[1].name"),
        (9, "workflows[1].commands[1]"),
    ]


@pytest.mark.parametrize(
    ("line", "where", "says"),
    [
        ("comands: x", "comands", "did you mean `commands`?"),
        ("queue_timeout: 3", "queue_timeout", "did you mean `queue-timeout`?"),
        ("nonsense: x", "nonsense", "known are artifacts, commands"),
        ("variables: x", "variables", "Expected `global:`"),
        ("provider: dcoker", "provider", "known here (bash, curl, docker, python)"),
        ("image: 'a b;c'", "image", "debian:12"),
        ("image: -v", "image", "debian:12"),
        ("image: [a]", "image", "debian:12"),
        ("environment: {1A: x}", "environment.1A", "variable name"),
        ("environment: {A: [x]}", "environment.A", "a value"),
        ("environment: {A: }", "environment.A", 'write ""'),
        ("environment: 3", "environment", "NAME=value"),
        ("environment: [A=1, A=2]", "environment[1]", "twice"),
        ("resources: 3", "resources", "key: value"),
        ("resources: {memory: lots}", "resources.memory", '"16GB"'),
        ("resources: {memroy: 1}", "resources.memroy", "did you mean `memory`?"),
        ("resources: {gpu: -1}", "resources.gpu", "from 0 to 64"),
        ("resources: {gpu: [1]}", "resources.gpu", "count, name and memory"),
        ("resources: {v100/gpu: x}", "resources.v100/gpu", "from 0 to 64"),
        ("resources: {v100/gpu: 1, gpu: 1}", "resources", "one kind of GPU"),
        ("resources: {interruptible: maybe}", "resources.interruptible", "true or false"),
        ("timeout: soon", "timeout", '"1h30m"'),
        ("timeout: 0", "timeout", "from 1"),
        ("retries: 1.5", "retries", "from 0 to 100"),
        ("retries: true", "retries", "from 0 to 100"),
        ("working_dir: ../x", "working_dir", "without `..`"),
        ("working_dir: /x", "working_dir", "Without an `image`"),
        ("labels: x", "labels", "a list"),
        ("labels: [a b]", "labels[0]", "without spaces"),
        ("name: 'a\U0001f600'", "name", "letters, digits"),
        ("name: ../x", "name", "letters, digits"),
        ('name: "a\\nb"', "name", "letters, digits"),
        ("name: !!python/object:os.system x", "name", "not understood"),
        ("labels: !include labels.yaml", "labels", "`!include` is not understood"),
        ("labels: !!python/object/apply:os.system [id]", "labels", "not understood"),
        ("environment: !!python/object:x {a: b}", "environment", "not understood"),
        ("name: a\nname: b", "name", "twice"),
    ],
)
def test_it_says_what_was_expected_where(line, where, says):
    number, place, sentence = problems("commands: x\n" + line)[0]
    assert (number, place) == (3 if "\n" in line else 2, where)
    assert says in sentence


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("# only words", "is empty"),
        ("- a", "Expected `workflows:`"),
        ("hello", "Expected `workflows:`"),
        ("workflows: []", "at least one"),
        ("workflows:\n- {name: a, commands: x}\n- {name: a, commands: y}", "another workflow"),
        ("commands: []", "at least one"),
        ("commands: ''", "empty"),
        ("commands: {a: b}", "a command or a list"),
        ("commands:\n", "is missing"),
        ('commands: "a\\0b"', "NUL"),
        ('commands: x\nartifacts: ["a\\0b"]', "A NUL character cannot be passed to a process."),
        ("commands: x\n? [a]\n: b", "A key should be a word"),
        ("commands: [a\nb: c", "not YAML"),
        ("commands: x\n\x07", "does not allow"),
        ("commands: x\n--- \ncommands: y", "not YAML"),
        ("commands: '\ud800'", "UTF-8"),
        ("commands: " + "x" * 100_001, "100000 bytes"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(text, says):
    assert says in the_problem(text)[2]


def test_a_file_that_is_too_big_is_not_read():
    assert f"{MOST_BYTES} bytes" in the_problem("#" * (MOST_BYTES + 1))[2]


def test_more_values_than_anybody_writes_are_refused():
    assert f"{MOST_NODES} values" in the_problem("commands: [" + "a," * MOST_NODES + "]")[2]


def test_deep_nesting_is_refused():
    assert "deep" in the_problem("commands: " + "[" * 50_000)[2]


def test_aliases_that_multiply_are_refused():
    levels = ["l0: &l0 [x, x]"]
    levels += [f"l{n}: &l{n} [*l{n - 1}, *l{n - 1}, *l{n - 1}]" for n in range(1, 15)]
    assert "aliases" in the_problem("\n".join(levels))[2]


def test_an_alias_that_holds_itself_is_refused():
    assert "hold themselves" in the_problem("commands: &a [*a]")[2]


def test_no_more_problems_are_told_than_anybody_reads():
    assert len(problems("\n".join(f"k{n}: x" for n in range(500)))) == 50
