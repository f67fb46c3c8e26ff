"""Local changes, as git prints them, taken apart: files, and lines with their kind.

Pure, and made for text that nobody vouches for: whatever it is, every line of it comes out again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

_HUNK = re.compile(r"@@ -\d+(?:,(\d{1,9}))? \+\d+(?:,(\d{1,9}))? @@")
_OCTAL = re.compile(rb"\\([0-7]{3})")
_HEAD = ("diff --git ", "index ", "--- ", "+++ ", "new file ", "deleted file ")
_SAYS = (
    ("new file", "new"),
    ("deleted file", "deleted"),
    ("rename from ", "renamed"),
    ("copy from ", "copied"),
    ("Binary files ", "binary"),
    ("GIT binary patch", "binary"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """`kind`: add, gone, same, hunk, note (what git says about the file), or head (what is said
    of it by its name and marks already)."""

    kind: str
    text: str


@dataclass(slots=True)
class FileChange:
    """The changes of one file; `says`: new, deleted, renamed, copied, binary."""

    name: str
    says: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def added(self) -> int:
        """How many lines."""
        return sum(line.kind == "add" for line in self.lines)

    @property
    def gone(self) -> int:
        """How many lines."""
        return sum(line.kind == "gone" for line in self.lines)


def parse(diff: str) -> list[FileChange]:
    """In the order of the text. What comes before the first file is a file without a name."""
    files: list[FileChange] = []
    for line, begins in _lines(diff.removesuffix("\n").split("\n")):
        if begins or not files:
            files.append(FileChange(_name_in(line.text) if begins else ""))
        _note(files[-1], line)
        files[-1].lines.append(line)
    return [file for file in files if file.name or any(line.text for line in file.lines)]


def _lines(texts: list[str]) -> Iterator[tuple[Line, bool]]:
    """Each line, and whether a file begins with it. Inside a hunk, its heading says how many lines
    follow: a removed "-- x" looks like the heading of a file."""
    old = new = 0
    plain = False  # a file without "diff --git" before it
    for text, following in pairwise([*texts, ""]):
        first = text[:1]
        if old > 0 and first == "-":
            old, kind = old - 1, "gone"
        elif new > 0 and first == "+":
            new, kind = new - 1, "add"
        elif (old > 0 or new > 0) and first in (" ", ""):
            old, new, kind = old - 1, new - 1, "same"
        elif hunk := _HUNK.match(text):
            old, new, kind, plain = int(hunk[1] or 1), int(hunk[2] or 1), "hunk", True
        else:
            kind = "head" if text.startswith(_HEAD) or not text else "note"
        git = kind == "head" and text.startswith("diff --git ")
        heading = kind == "head" and text.startswith("--- ") and following.startswith("+++ ")
        begins = git or (heading and plain)
        if begins:
            old, new, plain = 0, 0, False
        yield Line(kind, text), begins


def _note(file: FileChange, line: Line) -> None:
    if line.kind not in ("note", "head"):
        return
    for words, says in _SAYS:
        if line.text.startswith(words) and says not in file.says:
            file.says.append(says)
    for heading in ("+++ ", "--- "):
        if line.text.startswith(heading):
            name = _path(line.text.removeprefix(heading).split("\t")[0])
            file.name = name if name != "/dev/null" else file.name
    if line.text.startswith("rename to "):
        file.name = _unquoted(line.text.removeprefix("rename to "))


def _name_in(text: str) -> str:
    """The second name of "diff --git a/x b/x", as long as no better one is known."""
    for mark in (' "b/', " b/"):
        if mark in text:
            return _path(text[text.rindex(mark) + 1 :])
    return _path(text.removeprefix("--- ").split("\t")[0])


def _path(name: str) -> str:
    return re.sub(r"^[ab]/", "", _unquoted(name))


def _unquoted(name: str) -> str:
    """Git quotes what is not ASCII, byte by byte."""
    if len(name) < 2 or not (name.startswith('"') and name.endswith('"')):
        return name
    raw = _OCTAL.sub(lambda match: bytes([int(match[1], 8) & 255]), name[1:-1].encode())
    return raw.decode(errors="replace")
