"""Reaching a repository over HTTP, with a real git and a real server."""

import pytest

from tests.git_scene.http_server import HttpGit
from tests.git_scene.repository import Repository

SECRET = "open sesame & 'quoted' $HOME 100%"


@pytest.fixture
def server(tmp_path):
    Repository(tmp_path / "root" / "thing")
    with HttpGit(tmp_path / "root", "me@example.org", SECRET) as server:
        yield server


def test_user_and_password_open_it(server, reach):
    assert reach(server.url("thing/.git"), user_name="me@example.org", secret=SECRET).ok
    assert server.seen[-1][1] == f"me@example.org:{SECRET}"


def test_a_wrong_password_is_said_in_gits_words(server, reach):
    reached = reach(server.url("thing/.git"), user_name="me@example.org", secret="wrong")
    assert "Authentication failed" in reached.words and "wrong" not in reached.words


def test_without_any_it_says_that_the_server_asks(server, reach):
    assert "no credentials for it are known here" in reach(server.url("thing/.git")).words


def test_a_repository_that_is_not_there_is_said(server, reach):
    words = reach(server.url("other"), user_name="me@example.org", secret=SECRET).words
    assert "not found" in words


def test_the_secret_is_in_no_file_no_variable_and_gone_afterwards(server, reach):
    reached = reach(server.url("thing/.git"), user_name="me@example.org", secret=SECRET)
    assert "sesame" not in str(reached.files) + str(reached.environment)
    assert not reached.folder.exists()


def test_another_server_is_not_told_the_password(server, reach, tmp_path):
    with HttpGit(tmp_path / "root", "me@example.org", SECRET) as other:
        asked = reach(other.url("thing/.git"), user_name="me@example.org", secret=SECRET)
        assert asked.ok
        script = asked.files["askpass"]
        assert other.origin in script and server.origin not in script


def test_a_server_that_sends_us_elsewhere_does_not_send_the_password_along(server, reach, tmp_path):
    with HttpGit(tmp_path / "root", "me@example.org", SECRET) as elsewhere:
        server.redirect = elsewhere.origin
        reached = reach(server.url("thing/.git"), user_name="me@example.org", secret=SECRET)
    assert not reached.ok
    assert elsewhere.seen and {who for _, who in elsewhere.seen} == {None}


def test_settings_of_this_machine_do_not_matter(server, reach, tmp_path, monkeypatch):
    own = tmp_path / "own.gitconfig"
    own.write_text(f'[url "{server.origin}/other"]\n\tinsteadOf = {server.origin}/thing\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(own))
    monkeypatch.setenv("GIT_DIR", "/nonexistent")
    assert reach(server.url("thing/.git"), user_name="me@example.org", secret=SECRET).ok


@pytest.mark.parametrize("url", ["ext::sh -c 'touch /tmp/code-was-here'", "/nonexistent/thing"])
def test_git_itself_refuses_what_should_never_get_so_far(reach, url):
    assert "not allowed" in reach(url).words
