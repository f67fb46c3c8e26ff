"""Checks that somebody asked for, made with git itself."""

import pytest

from tests.git_scene.repository import Repository
from tests.people import TESTS
from webapp.clock import now
from webapp.engine.repository_access import Credentials
from webapp.extensions import db
from webapp.models.repo import repo_at
from webapp.models.repo_changes import propose_repo, want_repo_check
from webapp.models.transaction import writing
from webapp.tasks.check_repositories import check_repositories


@pytest.fixture
def propose(people):
    def call(url, **credentials):
        with writing():
            propose_repo(TESTS, people["member"].id, url, Credentials(**credentials), now())
        return url

    return call


@pytest.fixture
def there(tmp_path):
    return Repository(tmp_path / "thing").url


def after_check(url):
    check_repositories(now())
    db.session.expire_all()
    return repo_at(url)


def test_a_repository_that_opens_is_usable(propose, there):
    assert after_check(propose(there)).usable


def test_one_that_does_not_says_why_in_gits_words(propose, tmp_path):
    repo = after_check(propose(str(tmp_path / "nothing")))
    assert not repo.usable and "does not appear to be a git repository" in repo.problem


def test_all_that_were_asked_for_are_checked_once(propose, there, tmp_path):
    propose(there)
    propose(str(tmp_path / "nothing"))
    assert check_repositories(now()) == 2
    assert check_repositories(now()) == 0


def test_a_check_again_finds_what_changed(propose, there, tmp_path):
    repo = after_check(propose(there))
    (tmp_path / "thing").rename(tmp_path / "elsewhere")
    with writing():
        want_repo_check(TESTS, repo, now())
    repo = after_check(there)
    assert repo.problem and repo.usable
    (tmp_path / "elsewhere").rename(tmp_path / "thing")
    with writing():
        want_repo_check(TESTS, repo, now())
    assert after_check(there).problem is None


def test_a_server_without_git_says_so(propose, there, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "git is not installed on the server" in after_check(propose(there)).problem
