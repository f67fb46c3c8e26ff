"""Repositories on this disk, known to an application that may use them."""

from pathlib import Path

import pytest

from tests.git_scene.repository import Repository
from tests.people import TESTS
from webapp.clock import now
from webapp.engine.jobs import Code
from webapp.engine.repository_access import Credentials
from webapp.models.repo import Repo, repo_at
from webapp.models.repo_changes import keep_repo
from webapp.models.transaction import writing
from webapp.repositories import Source, source_of

WORKFLOW = "workflows:\n  - name: hello\n    commands: [echo hello]\n"
FILES = {".dstack/workflows.yaml": WORKFLOW, "train.py": "print('one')\n", "data.bin": b"\x00\x01"}


@pytest.fixture
def local(app):
    """Repositories on the server's own disk are allowed."""
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"allow_local_repos": True})


@pytest.fixture
def repository(tmp_path, local) -> Repository:
    """With one workflow in it, known to nobody yet."""
    return Repository(tmp_path / "root" / "thing", FILES)


@pytest.fixture
def keep(people):
    """Make an address known, as if a check had been good; the row."""

    def call(url: str, hosts: str = "", **credentials: str) -> Repo:
        with writing():
            about = (url, Credentials(**credentials), hosts, now())
            keep_repo(TESTS, people["member"].id, *about)
        return repo_at(url)

    return call


@pytest.fixture
def known(repository, keep) -> Repository:
    """The repository, known under its path."""
    keep(repository.url)
    return repository


def read(repository: Repository, **code: str) -> Source:
    """The source of a submission of that repository."""
    return source_of(TESTS, Code(**{"repo_url": repository.url, **code}))


def left_in(app) -> list[str]:
    """What lies in the folder of the mirrors beside the mirrors themselves."""
    root: Path = app.extensions["settings"].data_dir / "repos"
    private = list((root / "private").iterdir())
    return [path.name for path in [*private, *root.glob("*.git/scratch-*")]]
