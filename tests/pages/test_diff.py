import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from webapp.pages.diff import parse

CHANGED = """diff --git a/src/train.py b/src/train.py
index 87cd5dc..115344d 100644
--- a/src/train.py
+++ b/src/train.py
@@ -1,3 +1,3 @@ def train():
 import os
--- a heading it is not
+++ nor is this
 end
@@ -9 +9 @@
-old
\\ No newline at end of file
+new
"""
PLAIN = """--- a.txt\t2026-01-01
+++ a.txt\t2026-01-02
@@ -1 +1 @@
-a
+b
--- b.txt
+++ b.txt
@@ -0,0 +1,2 @@
+c
+d
"""


def kinds(file):
    return [(line.kind, line.text) for line in file.lines if line.kind != "head"]


def test_lines_are_told_apart_by_the_count_in_the_heading_of_their_hunk():
    (file,) = parse(CHANGED)
    assert (file.name, file.says, file.added, file.gone) == ("src/train.py", [], 2, 2)
    assert kinds(file) == [
        ("hunk", "@@ -1,3 +1,3 @@ def train():"),
        ("same", " import os"),
        ("gone", "--- a heading it is not"),
        ("add", "+++ nor is this"),
        ("same", " end"),
        ("hunk", "@@ -9 +9 @@"),
        ("gone", "-old"),
        ("note", "\\ No newline at end of file"),
        ("add", "+new"),
    ]


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        ("diff --git a/x b/x\nnew file mode 100644\n--- /dev/null\n+++ b/x\n", "x", ["new"]),
        ("diff --git a/x b/x\ndeleted file mode 1\n--- a/x\n+++ /dev/null\n", "x", ["deleted"]),
        ("diff --git a/x b/y z\nrename from x\nrename to y z\n", "y z", ["renamed"]),
        ("diff --git a/b/x b/b/x\nrename from b/x\nrename to b/y\n", "b/y", ["renamed"]),
        ("diff --git a/p b/p\nBinary files a/p and b/p differ\n", "p", ["binary"]),
        ("diff --git a/p b/p\nindex 1..2\nGIT binary patch\nliteral 3\nKcmZ\n", "p", ["binary"]),
        ('diff --git "a/gr\\303\\274n" "b/gr\\303\\274n"\nold mode 1\nnew mode 2\n', "grün", []),
        ("diff --git a/x b/x\nold mode 100644\nnew mode 100755\n", "x", []),
    ],
)
def test_the_heading_says_what_became_of_the_file(text, name, says):
    (file,) = parse(text)
    assert (file.name, file.says) == (name, says)


def test_several_files_also_without_git():
    assert [file.name for file in parse(CHANGED + CHANGED.replace("train", "test"))] == [
        "src/train.py",
        "src/test.py",
    ]
    assert [(file.name, file.added) for file in parse(PLAIN)] == [("a.txt", 1), ("b.txt", 2)]


def test_what_is_no_diff_is_a_file_without_a_name():
    (file,) = parse("hello\nworld")
    assert (file.name, kinds(file)) == ("", [("note", "hello"), ("note", "world")])
    assert parse("") == parse("\n\n") == []


PIECES = """diff --git a/x b/x
--- a/x
+++ b/x
@@ -1,2 +1 @@
@@ -1 +0,0 @@
+a
-b
 c

\\ No newline
rename to
--- "
Binary files
@@
diff --git""".split("\n")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*PIECES, "\r"]) | st.text(max_size=5)))
@example(["--- a/x"])
@example([f"@@ -1,{'9' * 5000} +1,{'9' * 5000} @@", "-a"])
def test_whatever_it_is_no_line_is_lost_or_added(lines):
    text = "\n".join(lines)
    found = [line.text for file in parse(text) for line in file.lines]
    assert [line for line in found if line] == [line for line in text.split("\n") if line]
