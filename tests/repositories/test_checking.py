"""Whether credentials open a repository, with real servers."""

import pytest

from tests.git_scene.http_server import HttpGit
from tests.git_scene.repository import Repository
from tests.git_scene.ssh_server import Sshd, new_key
from webapp.engine.repository_access import Credentials
from webapp.repositories import Place, check
from webapp.repositories.checking import CHECK
from webapp.repositories.running import Bounds


@pytest.fixture
def server(tmp_path):
    Repository(tmp_path / "root" / "thing")
    with HttpGit(tmp_path / "root", "x-access-token", "t0ken") as server:
        yield server


@pytest.fixture
def look(tmp_path):
    (tmp_path / "mirrors").mkdir()

    def call(url, bounds=CHECK, allow_local=True, **credentials):
        return check(
            Place(url, Credentials(**credentials), "", allow_local), tmp_path / "mirrors", bounds
        )

    return call


def test_a_good_token_opens_it(server, look):
    url = server.url("thing/.git")
    assert look(url, token="t0ken", user_name="x-access-token").problem is None


def test_a_bad_one_is_said_in_gits_words(server, look):
    problem = look(server.url("thing/.git"), token="wrong", user_name="x-access-token").problem
    assert "Authentication failed" in problem and "wrong" not in problem


def test_a_server_that_does_not_answer_is_given_up(look, tmp_path):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/thing"
        assert look(url, Bounds(seconds=0.3)).problem == "There was no answer within 0.3 seconds."


def test_an_answer_without_end_is_cut_off(server, look):
    url = server.url("thing/.git")
    problem = look(url, Bounds(most_bytes=0), token="t0ken", user_name="x-access-token").problem
    assert "It is more than" in problem


def test_a_key_opens_it_and_the_host_is_told(look, tmp_path):
    key = new_key(tmp_path / "key", "open sesame")
    Repository(tmp_path / "thing")
    with Sshd(tmp_path / "sshd", tmp_path / "key") as sshd:
        url = sshd.url(tmp_path / "thing")
        good = look(url, private_key=key, passphrase="open sesame")
    assert good.problem is None and str(sshd.port) in good.hosts


@pytest.mark.parametrize("passphrase", ["wrong", None])
def test_a_passphrase_that_does_not_open_the_key_is_said(look, tmp_path, passphrase):
    key = new_key(tmp_path / "key", "open sesame")
    problem = look("git@127.0.0.1:thing", private_key=key, passphrase=passphrase).problem
    assert problem == "The passphrase does not open the private key."


def test_a_key_that_is_none_is_said(look):
    key = "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----\n"
    assert "git says" in look("git@127.0.0.1:thing", private_key=key).problem
