import os

import pytest

from tests.people import TESTS
from webapp.clock import now
from webapp.engine.repository_access import Credentials
from webapp.models.repo_changes import keep_repo
from webapp.models.transaction import writing
from webapp.repositories import repositories_folder
from webapp.tasks.prune_mirrors import GRACE_MS, prune_mirrors


@pytest.fixture
def folder(clock):
    """Makes a folder among the mirrors, as if it was made now."""

    def call(name):
        path = repositories_folder() / name
        path.mkdir(parents=True)
        os.utime(path, (clock() / 1000, clock() / 1000))
        return path

    return call


def test_what_was_left_behind_is_removed_after_a_while(people, folder, clock):
    with writing():
        about = (people["member"].id, "https://host/thing", Credentials(), "", now())
        known = keep_repo(TESTS, *about)
    mirror, strange = folder(f"{known}.git"), folder(f"{known + 1}.git")
    private, scratch = folder("private/abc"), folder(f"{known}.git/scratch-abc")
    assert prune_mirrors(clock()) == 0
    clock.advance(GRACE_MS / 1000 + 1)
    assert prune_mirrors(clock()) == 3
    gone = [path.exists() for path in (mirror, strange, private, scratch)]
    assert gone == [True, False, False, False]
