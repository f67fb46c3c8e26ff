"""The branches of a repository, asked of it."""

from dataclasses import dataclass

from webapp.repositories.mirror import Mirror
from webapp.repositories.running import Bounds, GitFailed

_LIST = Bounds(seconds=20)
_HEADS = "refs/heads/"


@dataclass(frozen=True, slots=True)
class Branches:
    """`commits`: branch -> the hash of its newest commit; `default` is the one checked out first,
    None in an empty repository."""

    commits: dict[str, str]
    default: str | None


def branches_of(mirror: Mirror) -> Branches:
    """What there is now; raises GitFailed."""
    command = ("ls-remote", "--symref", mirror.address, "HEAD", f"{_HEADS}*")
    default, commits = None, {}
    for line in mirror.ask(*command, bounds=_LIST).decode("utf-8", "replace").splitlines():
        what, _, name = line.partition("\t")
        if what.startswith("ref: ") and name == "HEAD":
            default = what.removeprefix(f"ref: {_HEADS}")
        elif name.startswith(_HEADS):
            commits[name.removeprefix(_HEADS)] = what
    return Branches(commits, default if default in commits else next(iter(commits), None))


def newest_commit(mirror: Mirror, branch: str | None) -> tuple[str, str]:
    """Name and hash of a branch, of the default one for None; raises GitFailed."""
    found = branches_of(mirror)
    name = branch or found.default
    if name is None:
        raise GitFailed("The repository is empty.")
    if name not in found.commits:
        raise GitFailed(f"There is no branch {name} in the repository.")
    return name, found.commits[name]
