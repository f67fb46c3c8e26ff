import textwrap

import pytest

from webapp.workflow_files import Variable, WorkflowErrors, read_workflows

FILE = """\
workflows:
  - name: train
    commands: train --epochs ${{ epochs }} --seed ${{seed}}
    environment: {SEED: mine, OWN: "${{ epochs }}"}
    depends-on: [prepare]
  - name: prepare
    commands: prepare ${{ seed }}
"""
VARIABLES = """\
variables:
  global: {epochs: 3, seed: 1}
  train: {epochs: 10, learning-rate: 0.10}
"""
NONSENSE = ["${{ ${{ a }} }}", "${{ }}", "${{a", "${{ a b }}", "${{ a | upper }}", "${{ 1a }}"]
NONSENSE += ["${{{ a }}}", "${{ -a }}", "${{ a\\n }}", "${{ a }} ${{", "${{ \U0001f600 }}"]


def read(text=FILE, variables=VARIABLES):
    return read_workflows(text, variables)


def job_of(line, given=None, **variables):
    listed = "".join(f"\n    {name}: {value}" for name, value in variables.items())
    text = f"{line}\ncommands: x\nvariables:\n  global:{listed}"
    return read_workflows(text).pick(None).jobs(given)[0]


def problems(call):
    with pytest.raises(WorkflowErrors) as caught:
        call()
    return [(p.file, p.line, p.where, p.sentence) for p in caught.value.problems]


def test_a_workflows_own_value_counts_more_and_that_of_the_submission_most():
    train = read().pick("train")
    assert train.jobs()[1].commands == "train --epochs 10 --seed 1"
    assert train.jobs({"epochs": "2"})[1].commands == "train --epochs 2 --seed 1"


def test_variables_are_environment_and_count_more_than_the_jobs_own():
    prepare, train = read().pick("train").jobs({"seed": "9"})
    expected = {"OWN": "10", "EPOCHS": "10", "SEED": "9", "LEARNING_RATE": "0.10"}
    assert train.environment == expected
    assert prepare.environment == {"EPOCHS": "3", "SEED": "9"}


def test_what_is_given_reaches_every_job_that_knows_the_name_and_no_other():
    prepare, train = read().pick("train").jobs({"learning-rate": "1"})
    assert "LEARNING_RATE" not in prepare.environment
    assert train.environment["LEARNING_RATE"] == "1"


def test_a_run_keeps_the_values_that_were_used():
    train = read().pick("train")
    assert train.used() == {"epochs": "10", "seed": "1", "learning-rate": "0.10"}
    assert train.used({"seed": "x"})["seed"] == "x"


def test_a_form_gets_them_with_their_values_and_where_these_are_from():
    text = FILE.replace("commands: prepare", "commands: prepare ${{ where }}")
    workflows = read(text, VARIABLES + "  prepare: {size: }\n")
    needed = [Variable("size", None, "prepare"), Variable("where", None, None)]
    assert workflows.variables("prepare") == [
        Variable("epochs", "3", "global"),
        Variable("seed", "1", "global"),
        *needed,
    ]
    assert workflows.variables("train") == [
        Variable("epochs", "10", "train"),
        Variable("seed", "1", "global"),
        Variable("learning-rate", "0.10", "train"),
        *needed,
    ]


@pytest.mark.parametrize(
    ("value", "count"), [("2", 2), ("'2'", 2), ("0x3", 3), ("''", 0), ("~x", None), ("two", None)]
)
def test_the_filled_text_is_read_as_yaml_again(value, count):
    if count is None:
        found = problems(lambda: job_of("resources: {gpu: '${{ n }}'}", n=value))
        assert found[0][2] == "resources.gpu" and "from 0 to 64" in found[0][3]
    else:
        assert job_of("resources: {gpu: '${{ n }}'}", n=value).ask.gpu_count == count


def test_it_works_in_any_property():
    job = job_of(
        "image: debian:${{ v }}\ntimeout: ${{ t }}\nlabels: ['${{ v }}']\n"
        "artifacts: ['o/${{ v }}']\n"
        "environment: ['A=${{ v }}']\nresources: {interruptible: '${{ b }}', memory: '${{ v }}GB'}",
        v="12",
        t="1h",
        b="'true'",
    )
    assert (job.image, job.timeout_s, job.artifacts) == ("debian:12", 3600, ("o/12",))
    assert (job.environment["A"], job.ask.labels) == ("12", {"12"})
    assert (job.ask.interruptible, job.ask.memory_mib) == (True, 12288)


def test_the_provider_may_be_a_variable():
    assert job_of("provider: ${{ p }}", p="bash").provider == "bash"


@pytest.mark.parametrize(
    "value", ["null", "~", "true", "1.10", "0080", "a: b", "[1]", "# x", "- x"]
)
def test_where_a_text_is_wanted_it_stays_the_text(value):
    job = job_of("environment: {A: '${{ v }}'}", {"v": value}, v="")
    assert job.environment["A"] == job.environment["V"] == value


def test_an_empty_value_is_no_line_where_there_may_be_none():
    assert job_of("image: ${{ i }}", i='""').image is None


def test_several_places_of_one_text_are_filled():
    assert job_of("image: ${{ a }}:${{ b}}-${{a}}", a="x", b="1").image == "x:1-x"


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_is_an_error_with_its_line(nonsense):
    found = problems(lambda: job_of(f'environment:\n  A: "{nonsense}"', a="1"))
    assert [item[:3] for item in found] == [("workflows.yaml", 2, "environment.A")]


def test_a_key_is_not_filled():
    found = problems(lambda: job_of("resources:\n  ${{ a }}/gpu: 1", a="v100"))
    assert "behind it" in found[0][3]


def test_a_name_is_not_filled():
    found = problems(lambda: job_of("name: ${{ a }}", a="x"))
    assert found[0][:3] == ("workflows.yaml", 1, "name")


@pytest.mark.parametrize("text", ["{{ a }}", "$ {{ a }}", "}}", "$a ${a}", "$( ( a ) )"])
def test_what_only_looks_like_it_is_left_alone(text):
    assert job_of(f"environment: {{B: '{text}'}}", a="1").environment["B"] == text


def test_an_unknown_name_is_an_error_that_names_it_and_the_line():
    found = problems(lambda: job_of("image: ${{ imgae }}", image="x"))
    assert found[0][:3] == ("workflows.yaml", 1, "image")
    assert "no variable `imgae`; did you mean `image`?" in found[0][3]
    assert "give it at submission" in problems(lambda: job_of("image: ${{ x }}"))[0][3]


def test_a_workflow_that_needs_a_variable_can_be_read_and_run_with_it():
    workflows = read_workflows("workflows:\n- {name: a, commands: 'x ${{ v }}'}")
    assert workflows.pick("a").jobs({"v": "1"})[0].commands == "x 1"


def test_a_variable_without_a_value_has_to_be_given():
    workflow = read_workflows("commands: x\nvariables:\n  global:\n    data:\n").pick(None)
    assert problems(workflow.jobs)[0] == (
        "workflows.yaml",
        4,
        "variables.global.data",
        "`data` has no value here: give it one at submission.",
    )
    assert workflow.jobs({"data": ""})[0].environment == {"DATA": ""}


def test_a_value_is_not_filled_itself():
    found = problems(lambda: job_of("image: x", a="'${{ b }}'", b="1"))
    assert found[0][2:] == (
        "variables.global.a",
        "A value is taken as it is: it cannot bring in another variable by `${{`.",
    )


@pytest.mark.parametrize(
    "name", ["--epochs", "-v", "a b", "a\nb", "\U0001f600", "", "a=b", "x" * 101]
)
def test_an_impossible_name_is_named(name):
    ((file, line, where, sentence),) = problems(lambda: job_of("image: x", {name: "1"}))
    assert (file, line, where[:10]) == (None, None, "variables.")
    assert sentence.startswith("A variable's name has letters") and "\n" not in where
    found = problems(
        lambda: read_workflows("commands: x", f"variables: {{global: {{{name!r}: 1}}}}")
    )
    assert found[0][0] == "variables.yaml"


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("a\0b", "NUL"),
        ("\ud800", "UTF-8"),
        ("x" * 100_001, "100000 bytes"),
        ("${{ a }}", "as it is"),
    ],
)
def test_an_impossible_value_is_said_to_be_one(value, says):
    ((file, _, where, sentence),) = problems(lambda: job_of("image: x", {"a": value}, a="1"))
    assert (file, where) == (None, "variables.a")
    assert says in sentence


@pytest.mark.parametrize("value", ["--rm", "-v", "; rm -rf /", "$(id)", "a\nb", "\U0001f600", ""])
def test_a_value_that_looks_like_an_option_is_a_value(value):
    assert job_of("environment: {A: b}", {"a": value}, a="1").environment["A"] == value
    found = problems(lambda: job_of("image: x${{ a }};", {"a": value}, a="1"))
    assert found[0][2] == "image"


def test_a_given_variable_that_nobody_knows_is_an_error():
    found = problems(lambda: read().pick("train").jobs({"epcohs": "1", "zzz": "2"}))
    assert [item[2] for item in found] == ["variables.epcohs", "variables.zzz"]
    assert "did you mean `epochs`?" in found[0][3]
    assert "known are epochs, learning-rate, seed." in found[1][3]


@pytest.mark.parametrize("name", ["path", "PATH", "home", "ld-preload"])
def test_a_variable_does_not_replace_what_programs_rely_on(name):
    found = problems(lambda: job_of("image: x", **{name: "data"}))
    assert "on which every program of the job relies" in found[0][3]


def test_two_names_that_become_one_in_the_environment_are_refused():
    text = "commands: x\nvariables:\n  global:\n    a-b: 1\n    a_b: 2"
    found = problems(lambda: read_workflows(text))
    assert found == [
        (
            "workflows.yaml",
            4,
            "variables.global.a-b",
            "`a-b` and `a_b` would both be A_B in the environment: rename one.",
        )
    ]


@pytest.mark.parametrize(
    ("text", "line", "where", "says"),
    [
        ("- a", 1, "", "Expected `variables:`"),
        ("variables: 3", 1, "variables", "Expected `global:`"),
        ("variables:\n  global: 3", 2, "variables.global", "Expected `global:`"),
        ("variables:\n  trian: {a: 1}", 2, "variables.trian", "did you mean `train`?"),
        ("variables:\n  xyz: {a: 1}", 2, "variables.xyz", "there are global, train, prepare."),
        ("variables:\n  global:\n    a: [1]", 3, "variables.global.a", "Expected a value"),
        ("variabels: {}", 1, "variabels", "did you mean `variables`?"),
        ("variables: [a\nb: c", 2, "", "not YAML"),
    ],
)
def test_a_file_of_variables_that_cannot_be_used_says_why(text, line, where, says):
    found = problems(lambda: read(FILE.replace("${{", "("), text))[0]
    assert found[:3] == ("variables.yaml", line, where)
    assert says in found[3]


@pytest.mark.parametrize(
    "text", ["", "# nothing", "variables:", "variables: {}", "variables: {global: }"]
)
def test_a_file_without_variables_is_no_mistake(text):
    assert read(FILE.replace("${{", "("), text).variables("train") == []


def test_variables_stand_in_one_place():
    found = problems(lambda: read(FILE + textwrap.dedent(VARIABLES)))
    assert found[0][:3] == ("workflows.yaml", 8, "variables")
    assert "keep them in one place" in found[0][3]


def test_variables_do_not_stand_in_a_workflow():
    text = "workflows:\n- {name: a, commands: x, variables: {b: 1}}"
    assert "beside `workflows`" in problems(lambda: read_workflows(text))[0][3]
