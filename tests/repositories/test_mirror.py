"""The server's own copies: fetched once, whatever was left behind, from every kind of server."""

import threading

import pytest

from git_access import settings
from tests.git_scene.http_server import HttpGit
from tests.repositories.conftest import WORKFLOW, read
from webapp.models.repo import repo_at
from webapp.repositories import CodeProblem, forget_mirror, mirror, repositories_folder
from webapp.repositories.mirror import locked
from webapp.repositories.running import GitFailed


@pytest.fixture
def server(repository, tmp_path):
    with HttpGit(tmp_path / "root", "me", "sesame") as server:
        yield server


@pytest.fixture
def url(server, keep):
    keep(server.url("thing/.git"), user_name="me", password="sesame")
    return server.url("thing/.git")


@pytest.fixture
def path(url):
    return repositories_folder() / f"{repo_at(url).id}.git"


def test_a_commit_is_fetched_once_and_only_the_files_that_are_read(repository, server, url, path):
    repository.commit({"large.bin": bytes(range(256)) * 20_000})
    commit = repository.hash()
    assert read(repository, repo_url=url, repo_hash=commit).files.workflows == WORKFLOW
    before = len(server.seen)
    assert read(repository, repo_url=url, repo_hash=commit).files.workflows == WORKFLOW
    assert len(server.seen) == before
    assert sum(each.stat().st_size for each in path.rglob("*") if each.is_file()) < 200_000
    assert oct(path.stat().st_mode)[-3:] == "700"


def test_several_at_once_fetch_it_once(app, repository, server, url):
    commit, found = repository.hash(), []

    def work():
        with app.app_context():
            found.append(read(repository, repo_url=url, repo_hash=commit).files.workflows)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == [WORKFLOW] * 3
    packs = [each for each in repositories_folder().glob("*.git/objects/pack/*.pack")]
    assert len(packs) <= 4  # the commit, and its files as each of them found them missing


def test_what_a_killed_git_left_does_not_stop_the_next(repository, url, path):
    read(repository, repo_url=url, repo_hash=repository.hash())
    (path / "shallow.lock").touch()
    (path / "config.lock").touch()
    commit = repository.commit({"a": "b"})
    assert read(repository, repo_url=url, repo_hash=commit).code.repo_hash == commit


def test_a_mirror_that_grew_too_large_is_made_anew(repository, url, path, monkeypatch):
    read(repository, repo_url=url, repo_hash=repository.hash())
    (path / "mark").touch()
    monkeypatch.setattr(mirror, "MIRROR_MAXIMUM", 0)
    commit = repository.commit({"a": "b"})
    assert read(repository, repo_url=url, repo_hash=commit).files.workflows == WORKFLOW
    assert not (path / "mark").exists()


def test_a_server_that_hands_out_branches_only_is_asked_for_branches(
    repository, known, monkeypatch
):
    text = settings._CONFIG.replace("version = 2", "version = 0")
    monkeypatch.setattr(settings, "_CONFIG", text)
    old = repository.hash()
    repository.commit({".dstack/workflows.yaml": WORKFLOW.replace("hello", "newer")})
    for branch in ("main", None):
        code = {"repo_hash": old} | ({"repo_branch": branch} if branch else {})
        assert read(repository, **code).files.workflows == WORKFLOW
        forget_mirror(repo_at(repository.url).id)


def test_a_server_that_is_away_is_said_and_leaves_no_half(repository, server, url, path):
    server.user = "somebody else"
    with pytest.raises(CodeProblem, match="Authentication failed"):
        read(repository, repo_url=url, repo_hash=repository.hash())
    server.user = "me"
    assert read(repository, repo_url=url, repo_hash=repository.hash()).files.workflows == WORKFLOW


def test_nobody_waits_for_ever_for_a_fetch_of_others(url, path):
    with (
        locked(path, 1),
        pytest.raises(GitFailed, match="for too long"),
        locked(path, 0.1),
    ):
        raise AssertionError("two at once")


def test_a_forgotten_mirror_is_gone(repository, url, path):
    read(repository, repo_url=url, repo_hash=repository.hash())
    forget_mirror(repo_at(url).id)
    assert not path.exists()
