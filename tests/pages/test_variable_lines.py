import pytest

from webapp.pages.new_run.variable_lines import BadLine, read_lines


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (None, {}),
        ("", {}),
        ("a=1\r\nb = x=y \n\n c=\n", {"a": "1", "b": " x=y ", "c": ""}),
    ],
)
def test_lines_are_variables(text, found):
    assert read_lines(text) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [("a=1\nb", "Line 2: expected"), ("=x", "Line 1"), ("a=1\na=2", "Line 2: a stands here twice")],
)
def test_what_is_none_is_named_by_line(text, words):
    with pytest.raises(BadLine, match=words):
        read_lines(text)
