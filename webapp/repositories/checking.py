"""Whether these credentials open that repository: git itself is asked."""

from dataclasses import dataclass
from pathlib import Path

from git_access import Opened
from webapp.engine.repository_urls import for_git
from webapp.repositories.reaching import Place, reaching
from webapp.repositories.running import Bounds, GitFailed, run

CHECK = Bounds(seconds=20)


@dataclass(frozen=True, slots=True)
class Checked:
    """`problem` None: it opens; `hosts` is what is known of hosts now."""

    problem: str | None
    hosts: str


def check(place: Place, root: Path, bounds: Bounds = CHECK) -> Checked:
    """List the repository's branches; `root` is the folder of the mirrors."""
    try:
        with reaching(place, root) as way:
            return Checked(_problem(way, for_git(place.url), root, bounds), way.hosts_seen())
    except GitFailed as error:
        return Checked(str(error), place.known_hosts)


def _problem(way: Opened, address: str, root: Path, bounds: Bounds) -> str | None:
    try:
        _try_key(way, root, bounds)
        run(["git", "ls-remote", "--heads", address], way.environment, root, bounds)
    except GitFailed as error:
        return str(error)
    return None


def _try_key(way: Opened, root: Path, bounds: Bounds) -> None:
    """ssh itself only says that the server did not let us in."""
    if way.key is None:
        return
    try:
        run(["ssh-keygen", "-y", "-f", way.key], way.environment, root, bounds)
    except GitFailed as error:
        if b"passphrase" not in error.output:
            raise
        raise GitFailed("The passphrase does not open the private key.") from None
