"""Whatever variables come in: jobs or WorkflowErrors, and what comes through is what went in."""

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflow_files.test_any_text import TREES
from webapp.workflow_files import WorkflowErrors, read_workflows

NAMES = st.one_of(st.sampled_from("a b-c d.e F path --x ${{a}}".split()), st.text(max_size=8))
VALUES = st.one_of(
    st.sampled_from(["", "2", "true", "~", "--rm", "${{ a }}"]), st.text(max_size=30)
)
PIECES = st.lists(
    st.sampled_from(["${{", "}}", " a ", "${{ a }}", "${{b-c}}", "$", "{", "}", "\n", "x", " "]),
    max_size=12,
)
FILE = "environment: {{KEPT: {}}}\ncommands: x\nvariables: {{global: {{a: 1, b-c: two}}}}\n"


def jobs(text, variables=None, typed=None):
    try:
        return read_workflows(text, variables).items[-1].jobs(typed)
    except WorkflowErrors as errors:
        assert all(problem.sentence and str(problem) for problem in errors.problems)
        assert [problem.as_dict()["file"] for problem in errors.problems]
        return None


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(NAMES, VALUES, max_size=5))
def test_variables_of_a_submission(typed):
    made = jobs(FILE.format("'${{ a }}'"), typed=typed)
    if made:
        assert made[0].environment["KEPT"] == made[0].environment["A"] == typed.get("a", "1")


@settings(max_examples=60, deadline=None)
@given(PIECES)
def test_texts_with_places_in_them(pieces):
    text = "".join(pieces)
    made = jobs(FILE.format(yaml.safe_dump(text, default_style='"').strip()))
    if made and "${{" not in text:
        assert made[0].environment["KEPT"] == text
    if made:
        assert "${{" not in made[0].environment["KEPT"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_a_value_comes_through_as_it_is(value):
    made = jobs(FILE.format("'<${{ a }}|${{ a }}>'"), typed={"a": value})
    if made:
        assert made[0].environment["KEPT"] == f"<{value}|{value}>"
    else:
        assert "\0" in value or "${{" in value or not value.isprintable()


@settings(max_examples=60, deadline=None)
@given(TREES)
def test_any_file_of_variables(tree):
    jobs("commands: x", yaml.safe_dump(tree))
    jobs("commands: x", yaml.safe_dump({"variables": tree}))
    jobs("commands: x", yaml.safe_dump({"variables": {"global": tree}}))


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from("ab"), TREES, max_size=2), TREES)
def test_any_needs(needs, tree):
    files = [{"name": name, "commands": "x", "depends-on": need} for name, need in needs.items()]
    jobs(yaml.safe_dump({"workflows": [*files, {"name": "c", "commands": "x"}]}))
    jobs(yaml.safe_dump({"commands": "x", "depends-on": tree, "provider": tree, "artifacts": tree}))
