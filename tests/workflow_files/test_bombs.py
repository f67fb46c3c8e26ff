"""Files that are meant to hurt: each is refused with a sentence, long before it does."""

import pytest

from webapp.workflow_files import WorkflowErrors, read_workflows

PLAIN = "commands: x"
LAUGHS = "\n".join(
    ["l0: &l0 {a: x}"]
    + [f"l{n}: &l{n} {{a: *l{n - 1}, b: *l{n - 1}, c: *l{n - 1}}}" for n in range(1, 18)]
)


def problems(text, variables=None, given=None):
    with pytest.raises(WorkflowErrors) as caught:
        read_workflows(text, variables).pick(None).jobs(given)
    return [(problem.file, problem.sentence) for problem in caught.value.problems]


def the_problem(*texts, **given):
    ((file, sentence),) = problems(*texts, **given)
    return file, sentence


def test_ten_megabytes_are_not_read():
    file, sentence = the_problem("commands: " + "x" * 10_000_000)
    assert (file, sentence) == (
        "workflows.yaml",
        "The file may have 1000000 bytes; it has 10000010.",
    )
    assert the_problem(PLAIN, "#" * 10_000_000)[0] == "variables.yaml"


def test_aliases_that_multiply_variables_are_refused():
    file, sentence = the_problem(PLAIN, "variables:\n  " + LAUGHS.replace("\n", "\n  "))
    assert file == "variables.yaml" and "aliases" in sentence


def test_a_million_variables_in_a_file_are_refused():
    many = "variables: {global: {" + "".join(f"v{n}: 1, " for n in range(75_000)) + "}}"
    assert "values" in the_problem(PLAIN, many)[1]
    many = "variables: {global: {" + "".join(f"v{n}: 1, " for n in range(1001)) + "}}"
    assert the_problem(PLAIN, many)[1] == "Expected at most 1000 variables, not 1001."


def test_a_million_variables_at_submission_are_refused():
    given = dict.fromkeys(range(1_000_000), "x")
    assert the_problem(PLAIN, given=given) == (
        None,
        "Expected at most 1000 variables, not 1000000.",
    )


def test_a_thousand_impossible_ones_are_told_fifty_times():
    assert len(problems(PLAIN, given={f"-{n}": "" for n in range(1000)})) == 50


def test_variables_that_blow_up_a_text_are_refused():
    text = f"commands: '{'${{ a }}' * 50_000}'"
    value = {"a": "x" * 100_000}
    assert "more than 1000000 bytes" in the_problem(text, given=value)[1]


def test_an_environment_that_no_process_can_be_given_is_refused():
    values = "".join(f"v{n}: '{'x' * 90_000}', " for n in range(6))
    sentence = the_problem(PLAIN, f"variables: {{global: {{{values}}}}}")[1]
    assert sentence == "The environment may have 500000 bytes, not 540024."


def test_a_run_of_many_long_scripts_is_refused():
    chain = "".join(
        f"- {{name: w{n}, commands: *script, depends-on: [w{n + 1}]}}\n" for n in range(98)
    )
    text = f"workflows:\n- {{name: w, depends-on: [w0], commands: &script {'x' * 90_000}}}\n{chain}"
    with pytest.raises(WorkflowErrors, match="5000000 is the most"):
        read_workflows(text + "- {name: w98, commands: x}\n").pick("w").jobs()


def test_an_alias_brings_in_variables_and_does_not_hide_a_line():
    text = "variables:\n  global: {a: &long some text}\n  w: {b: *long, c: '${{ x }}'}\n"
    with pytest.raises(WorkflowErrors) as caught:
        read_workflows("workflows: [{name: w, commands: x}]", text)
    assert [problem.line for problem in caught.value.problems] == [3]


def test_lines_may_end_as_windows_ends_them():
    text = "workflows:\r\n- name: a\r\n  commands: x ${{ v }}\r\n  image: ${{ i }}\r\n"
    variables = "variables:\r\n  a:\r\n    v: 1\r\n    i: ab\r\n"
    (job,) = read_workflows(text, variables).pick("a").jobs()
    assert (job.commands, job.image) == ("x 1", "ab")
    assert problems(text, variables.replace("i: ab", "i: a b"))[0][0] == "workflows.yaml"
