import pytest

from webapp.engine.variables import environment, in_environment, twins


@pytest.mark.parametrize(
    ("name", "variable"),
    [("epochs", "EPOCHS"), ("learning-rate", "LEARNING_RATE"), ("data.path_1", "DATA_PATH_1")],
)
def test_names_are_upper_case_in_the_environment(name, variable):
    assert in_environment(name) == variable


def test_the_environment_has_every_value():
    assert environment({"a": "1", "b-c": ""}) == {"A": "1", "B_C": ""}


@pytest.mark.parametrize(
    ("names", "pair"),
    [
        ([], None),
        (["a", "b"], None),
        (["a-b", "c", "a_b"], ("a-b", "a_b")),
        (["x", "X"], ("x", "X")),
    ],
)
def test_names_that_would_become_one_are_found(names, pair):
    assert twins(names) == pair
