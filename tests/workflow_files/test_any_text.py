"""Whatever comes in: workflows or WorkflowErrors, nothing else."""

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.workflow_files import WorkflowErrors, Workflows, read_workflows

KEYWORDS = """
    workflows name commands image environment resources cpu memory gpu v100/gpu timeout retries
    provider labels working_dir queue-timeout <<
"""
WORDS = st.sampled_from(KEYWORDS.split())
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.dates(), WORDS
)
KEYS = st.one_of(WORDS, st.text(max_size=8), st.integers())
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=20,
)
PIECES = st.lists(
    st.one_of(WORDS, st.sampled_from(list(":-[]{}&*!|>'\"#%@,?\n \t\0")), st.text(max_size=4)),
    max_size=40,
)


def read(text):
    try:
        workflows = read_workflows(text)
    except WorkflowErrors as errors:
        assert errors.problems
        assert all(problem.sentence for problem in errors.problems)
    else:
        assert isinstance(workflows, Workflows)
        assert workflows.items


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_any_text(text):
    read(text)


@settings(max_examples=60, deadline=None)
@given(PIECES)
def test_texts_that_look_like_yaml(pieces):
    read("".join(pieces))


@settings(max_examples=60, deadline=None)
@given(TREES)
def test_trees_of_values(tree):
    read(yaml.safe_dump(tree, allow_unicode=True))


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(WORDS, TREES, max_size=8))
def test_files_with_the_right_words(tree):
    read(yaml.safe_dump({"commands": "x", **tree}))
    read(yaml.safe_dump({"workflows": [{"name": "a", "commands": ["x"], **tree}]}))
