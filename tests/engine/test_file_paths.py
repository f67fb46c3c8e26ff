import pytest

from webapp.engine.file_paths import LONGEST_BYTES, wrong_with


@pytest.mark.parametrize(
    "path",
    ["a", "a/b.c/d", "..a", "a..", "...", "a\\..\\b", "new\nline", "C:", "-", "é" * 127, "📈"],
)
def test_what_linux_allows_inside_of_a_folder_is_right(path):
    assert wrong_with(path) is None


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "empty"),
        ("/a", "begins"),
        ("a/", "ends with a slash"),
        ("a//b", "empty part"),
        ("..", "part . or .."),
        ("a/../../b", "part . or .."),
        ("./a", "part . or .."),
        ("a\0b", "empty"),
        ("\ud800", "not a text"),
        ("a" * 256, "part longer than 255"),
        ("é" * 128, "part longer than 255"),
        ("a/" * 400 + "b", f"longer than {LONGEST_BYTES}"),
    ],
)
def test_anything_else_is_wrong_in_words(path, words):
    assert words in wrong_with(path)
