"""Local changes as a patch: what it changes, told without applying it."""

from webapp.repositories.mirror import Mirror
from webapp.repositories.running import Bounds, GitFailed

_READ = Bounds(seconds=20)
LONGEST = 8 * 1024 * 1024


class BadPatch(Exception):
    """One sentence: why these changes cannot be applied."""


def tidy(diff: str) -> bytes:
    """For git: the published client cuts the end of the last line off."""
    return diff.encode() if diff.endswith("\n") else diff.encode() + b"\n"


def paths_in(mirror: Mirror, diff: str) -> list[str]:
    """The files that it changes; raises BadPatch when it is no patch, or leaves the folder."""
    if len(diff.encode()) > LONGEST:
        raise BadPatch(f"Local changes may have {LONGEST // 1024 // 1024} MiB; commit and push.")
    try:
        listed = mirror.ask("apply", "--numstat", "-z", bounds=_READ, text=tidy(diff))
    except GitFailed as error:
        raise BadPatch(f"The local changes are no patch: {error}") from None
    paths = [_path(entry) for entry in listed.decode("utf-8", "replace").split("\0")]
    for path in filter(None, paths):
        if path.startswith("/") or {"..", ".git"} & set(path.split("/")):
            raise BadPatch(f"The local changes leave the repository: {path[:200]}")
    return [path for path in paths if path]


def includes(paths: list[str], folder: str) -> bool:
    """Whether one of the paths is in that folder."""
    return any(path.startswith(f"{folder}/") for path in paths)


def _path(entry: str) -> str:
    """Of `1\\t2\\tpath`; a renamed file comes as an empty path and two entries of their own."""
    return entry.rpartition("\t")[2]
