import subprocess

import pytest

from webapp.engine.commits import BadCommit, check_branch, check_hash

GOOD = ["main", "feature/faster", "v1.0", "a-b_c", "Grüße", "x@y", "50%", "a;b"]
BAD = [
    *("", "-x", "--upload-pack=x", "a b", "a..b", "a~1", "a^", "a:b", "a?", "a*", "a[b", "a\\b"),
    *("a@{1}", "/a", "a/", "a//b", ".a", "a/.b", "a.lock", "a.lock/b", "a.", "@", "a\nb", "a\0b"),
]


@pytest.mark.parametrize("name", GOOD)
def test_a_branch_that_git_takes_is_taken(name):
    assert check_branch(name) == name
    assert subprocess.run(["git", "check-ref-format", f"refs/heads/{name}"]).returncode == 0


@pytest.mark.parametrize("name", [*BAD, "x" * 201])
def test_any_other_is_refused(name):
    with pytest.raises(BadCommit):
        check_branch(name)


@pytest.mark.parametrize("text", ["a" * 40, "A" * 40, "0" * 64])
def test_a_whole_hash_is_taken_in_small_letters(text):
    assert check_hash(text) == text.lower()


@pytest.mark.parametrize("text", ["", "abc", "a" * 39, "g" * 40, "a" * 41, "HEAD", "-" * 40])
def test_anything_else_is_refused(text):
    with pytest.raises(BadCommit):
        check_hash(text)
