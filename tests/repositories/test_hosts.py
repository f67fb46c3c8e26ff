"""Hosts that the server does not ask, whoever names them; with a real server where there is one."""

import os
import socket

import pytest

from tests.git_scene.http_server import HttpGit
from tests.git_scene.repository import Repository
from tests.people import TESTS
from webapp.engine.jobs import Code
from webapp.repositories import CodeProblem, Place, check, source_of
from webapp.repositories.checking import CHECK
from webapp.repositories.hosts import pinned
from webapp.repositories.reaching import reaching
from webapp.repositories.running import GitFailed, run

METADATA = ["http://169.254.169.254/latest", "http://[fe80::1]/x", "git@169.254.169.254:x"]
# Other spellings of addresses, as the resolver reads them and git after it.
SPELLED = ["http://2852039166/x", "http://0xa9fea9fe/x", "http://169.254.43518/x"]


@pytest.fixture
def server(tmp_path):
    Repository(tmp_path / "root" / "thing")
    with HttpGit(tmp_path / "root") as server:
        yield server


@pytest.fixture
def root(tmp_path):
    (tmp_path / "mirrors").mkdir()
    return tmp_path / "mirrors"


@pytest.mark.parametrize("url", METADATA + SPELLED)
def test_a_metadata_service_is_not_asked(root, url):
    for allow_local in (False, True):
        said = check(Place(url, allow_local=allow_local), root)
        assert "which is no host of repositories" in (said.problem or ""), url


def test_the_server_itself_is_not_asked_until_that_is_allowed(server, root):
    url = server.url("thing/.git")
    for spelled in (url, url.replace("127.0.0.1", "localhost"), url.replace("127.0.0.1", "0")):
        assert "ALLOW_LOCAL_REPOS" in (check(Place(spelled), root).problem or "")
    assert server.seen == []
    assert check(Place(url, allow_local=True), root).problem is None
    assert server.seen


def test_ssh_is_not_told_to_either(root):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"ssh://git@localhost:{listener.getsockname()[1]}/thing"
        assert "ALLOW_LOCAL_REPOS" in (check(Place(url), root).problem or "")
        listener.settimeout(0)
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_what_was_made_known_before_is_not_fetched_from_there(app, server, keep):
    keep(server.url("thing/.git"))
    with pytest.raises(CodeProblem, match="ALLOW_LOCAL_REPOS") as refused:
        source_of(TESTS, Code(repo_url=server.url("thing/.git")))
    assert refused.value.field == "repo_url" and server.seen == []


def test_git_asks_the_addresses_that_were_looked_at_and_looks_up_none(server, root):
    """A name that nobody can look up leads to the server all the same."""
    url = server.url("thing/.git").replace("127.0.0.1", "rebound.invalid")
    with reaching(Place(url), root) as way:
        command = ["git", "ls-remote", "--heads", url]
        with pytest.raises(GitFailed):
            run(command, way.environment, root, CHECK)
        pins = pinned(url, ["127.0.0.1"], way.environment)
        assert b"refs/heads/main" in run(command, {**way.environment, **pins}, root, CHECK)


def test_a_proxy_looks_up_names_itself():
    assert pinned("https://host/x", ["192.0.2.1"], {"https_proxy": "http://proxy:3128"}) == {}
    assert pinned("git@host:x", ["192.0.2.1"], dict(os.environ)) == {}
    pins = pinned("https://host/x", ["192.0.2.1", "2001:db8::1"], {})
    assert pins["GIT_CONFIG_VALUE_0"] == "host:443:192.0.2.1,[2001:db8::1]"
