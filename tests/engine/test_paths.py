import pytest

from webapp.engine.paths import below

OUTSIDE = ["", ".", "./", "/", "/etc", "~", "~/data", "..", "../x", "a/../b", "a/.."]
IMPOSSIBLE = [
    "a\nb",
    "a\0b",
    "a\u202eb",
    "x" * 256,
    "\u00fc" * 128,
    "a/" * 251,
    ("\u00fc" * 100 + "/") * 3,
]


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("data", "data"),
        ("data/raw", "data/raw"),
        ("./data//raw/", "data/raw"),
        ("...", "..."),
        ("a b/\u00fc \U0001f600", "a b/\u00fc \U0001f600"),
        ("-v", "-v"),
        ("a\\b", "a\\b"),
    ],
)
def test_it_gives_the_plain_form(path, plain):
    assert below(path) == plain


@pytest.mark.parametrize("path", OUTSIDE + IMPOSSIBLE)
def test_what_leaves_the_folder_or_no_disk_can_have_is_refused(path):
    with pytest.raises(ValueError, match="below the job's folder"):
        below(path)


def test_a_single_dot_is_the_whole_folder_where_that_is_meant():
    assert below(".", itself=True) == "."
    for other in ("", "./", "a/..", "./."):
        with pytest.raises(ValueError, match="a single dot"):
            below(other, itself=True)
