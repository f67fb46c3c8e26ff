import pytest

from webapp.engine.secrets import LONGEST_VALUE, wrong_with_name, wrong_with_value


@pytest.mark.parametrize("name", ["A", "_", "api_key", "API_KEY_2", "_x", "A" * 100])
def test_names_that_a_shell_can_set(name):
    assert wrong_with_name(name) is None


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("", "Give the secret a name"),
        ("A" * 101, "at most 100"),
        ("2FAST", "begins with a letter"),
        ("A-B", "letters, digits and underscores"),
        ("A B", "letters, digits and underscores"),
        ("A\n", "letters, digits and underscores"),
        ("KEY=", "letters, digits and underscores"),
        ("ÄPFEL", "letters, digits and underscores"),
        ("../A", "letters, digits and underscores"),
        ("PATH", "would break every job"),
        ("LD_PRELOAD", "would break every job"),
    ],
)
def test_other_names_are_refused_with_a_sentence(name, word):
    assert word in wrong_with_name(name)


@pytest.mark.parametrize("value", ["sixsix", "two\nlines\n", " pad ded ", "ключи!", "x" * 65536])
def test_values_that_can_be_given_and_hidden(value):
    assert wrong_with_value(value) is None


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("", "too short"),
        ("tiny?", "too short"),
        ("a b c d e", "too short"),
        (" " * 50, "too short"),
        ("zero\0byte", "zero byte"),
        ("half \ud83d of it", "half a character"),
        ("x" * (LONGEST_VALUE + 1), "64 KiB"),
        ("é" * (LONGEST_VALUE // 2 + 1), "64 KiB"),
    ],
)
def test_other_values_are_refused_without_being_repeated(value, word):
    sentence = wrong_with_value(value)
    assert word in sentence
    assert not value.strip() or value not in sentence
