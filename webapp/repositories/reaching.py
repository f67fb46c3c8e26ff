"""A repository with what opens it, ready for commands of git."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import current_app

from git_access import Access, Opened, opened
from webapp.engine.repository_access import Credentials
from webapp.engine.repository_urls import for_git, is_local
from webapp.repositories.hosts import NotAsked, addresses_of, pinned
from webapp.repositories.running import GitFailed


@dataclass(frozen=True, slots=True)
class Place:
    """A repository as a caller knows it; `known_hosts` is what was seen of its hosts before.
    `allow_local`: it may lie on this very machine (ALLOW_LOCAL_REPOS)."""

    url: str
    credentials: Credentials = field(default_factory=Credentials)
    known_hosts: str = ""
    allow_local: bool = False


def repositories_folder() -> Path:
    """Where the mirrors of this installation are."""
    folder = current_app.extensions["settings"].data_dir.resolve() / "repos"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextmanager
def reaching(place: Place, root: Path) -> Iterator[Opened]:
    """What git needs for as long as the block lasts; afterwards nothing of it is left. Raises
    GitFailed when the host is none that is asked."""
    (root / "private").mkdir(mode=0o700, exist_ok=True)
    addresses = [] if is_local(place.url) else _addresses(place)
    with opened(_access(place), root / "private" / uuid.uuid4().hex) as way:
        pins = pinned(place.url, addresses, way.environment)
        yield way._replace(environment={**way.environment, **pins})


def _addresses(place: Place) -> list[str]:
    try:
        return addresses_of(place.url, place.allow_local)
    except NotAsked as error:
        raise GitFailed(str(error)) from None


def _access(place: Place) -> Access:
    given = place.credentials
    return Access(
        url=for_git(place.url),
        local=is_local(place.url),
        user_name=given.user_name,
        secret=given.token or given.password,
        private_key=given.private_key,
        passphrase=given.passphrase,
        known_hosts=place.known_hosts,
    )
