"""A commit in an index of its own: changes to it leave nothing behind."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from webapp.repositories.mirror import Mirror
from webapp.repositories.patch import BadPatch, tidy
from webapp.repositories.running import Bounds, GitFailed

_READ = Bounds(seconds=60, most_bytes=64 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the commit; `mode` and `blob` as git writes them."""

    mode: str
    blob: str


@dataclass(frozen=True, slots=True)
class Scratch:
    """`below` is the folder that is looked at; `made` is what a patch made of its files."""

    mirror: Mirror
    commit: str
    below: str
    variables: dict[str, str]
    made: set[Entry] = field(default_factory=set)

    def entries(self) -> dict[str, Entry]:
        """path -> file."""
        words = ("ls-files", "-z", "--stage", "--", f"{self.below}/")
        listed = self.mirror.git(*words, bounds=_READ, **self.variables)
        found = {}
        for line in listed.decode("utf-8", "replace").split("\0")[:-1]:
            about, _, path = line.partition("\t")
            found[path] = Entry(*about.split()[:2])
        return found

    def apply(self, diff: str) -> None:
        """The part of the patch that changes files of this folder; raises BadPatch."""
        before = self.entries().values()
        for entry in before:
            # Into the mirror itself, where it stays; what the patch makes is gone in the end.
            self.mirror.git("cat-file", "-e", entry.blob, bounds=_READ)
        words = ("apply", "--cached", "--whitespace=nowarn", f"--include={self.below}/*")
        try:
            self.mirror.git(*words, bounds=_READ, text=tidy(diff), **self.variables)
        except GitFailed as error:
            sentence = f"The local changes do not fit commit {self.commit[:12]}: {error}"
            raise BadPatch(sentence) from None
        self.made.update(set(self.entries().values()) - set(before))

    def read(self, entry: Entry, bounds: Bounds) -> bytes:
        """The content of a file."""
        # What is the commit's own is fetched into the mirror, once for all who read it.
        ours = entry in self.made
        variables = self.variables if ours else {}
        return self.mirror.git("cat-file", "blob", entry.blob, bounds=bounds, **variables)


@contextmanager
def scratch(mirror: Mirror, commit: str, below: str) -> Iterator[Scratch]:
    """The commit, which is in the mirror, for as long as the block lasts; raises GitFailed."""
    with tempfile.TemporaryDirectory(dir=mirror.path, prefix="scratch-") as folder:
        (Path(folder) / "objects").mkdir()
        variables = {
            "GIT_INDEX_FILE": str(Path(folder) / "index"),
            "GIT_OBJECT_DIRECTORY": str(Path(folder) / "objects"),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(mirror.path / "objects"),
        }
        mirror.git("read-tree", commit, bounds=_READ, **variables)
        yield Scratch(mirror, commit, below, variables)
