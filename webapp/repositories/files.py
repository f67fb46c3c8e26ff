"""The workflow files of one commit, with local changes on top of it."""

from webapp.engine.workflow_places import FOLDER, VARIABLES, WORKFLOWS, Files
from webapp.repositories.mirror import Mirror
from webapp.repositories.patch import includes, paths_in
from webapp.repositories.running import Bounds
from webapp.repositories.scratch import Scratch, scratch

_FILE = Bounds(seconds=60, most_bytes=4 * 1024 * 1024)
_PLAIN = ("100644", "100755")


class NoFile(Exception):
    """One sentence: what is wrong with a workflow file of this commit."""


def files_at(
    mirror: Mirror, commit: str, diff: str | None = None, *, optional: bool = False
) -> Files:
    """What `.dstack` holds at that commit; `optional`: no workflows are an empty file. Raises
    NoFile, BadPatch, GitFailed."""
    changes_them = bool(diff) and includes(paths_in(mirror, diff or ""), FOLDER)
    with scratch(mirror, commit, FOLDER) as tree:
        if changes_them:
            tree.apply(diff or "")
        workflows = _text(tree, WORKFLOWS)
        if workflows is None and not optional:
            raise NoFile(f"There is no {WORKFLOWS} in commit {commit[:12]}.")
        return Files(workflows or "", _text(tree, VARIABLES))


def _text(tree: Scratch, path: str) -> str | None:
    entry = tree.entries().get(path)
    if entry is None:
        return None
    if entry.mode not in _PLAIN:
        raise NoFile(f"{path} is a link; it has to be a file.")
    try:
        return tree.read(entry, _FILE).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NoFile(f"{path} is not text in UTF-8.") from None
