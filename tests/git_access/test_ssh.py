"""Reaching a repository over ssh, with a real sshd."""

import pytest

from tests.git_scene.repository import Repository
from tests.git_scene.ssh_server import Sshd, new_key


@pytest.fixture
def key(tmp_path):
    return new_key(tmp_path / "key", "open sesame")


@pytest.fixture
def sshd(tmp_path, key):
    Repository(tmp_path / "thing")
    with Sshd(tmp_path / "sshd", tmp_path / "key") as sshd:
        yield sshd


def test_a_key_with_a_passphrase_opens_it_and_the_host_is_remembered(sshd, key, reach, tmp_path):
    url = sshd.url(tmp_path / "thing")
    first = reach(url, private_key=key, passphrase="open sesame")
    assert first.ok, first.words
    assert first.hosts.startswith(f"[127.0.0.1]:{sshd.port} ")
    again = reach(url, private_key=key, passphrase="open sesame", known_hosts=first.hosts)
    assert again.ok and again.hosts == first.hosts


def test_the_key_is_in_no_file(sshd, key, reach, tmp_path):
    reached = reach(sshd.url(tmp_path / "thing"), private_key=key, passphrase="open sesame")
    assert "PRIVATE KEY" not in str(reached.files) and "sesame" not in str(reached.files)
    assert not reached.folder.exists()


def test_a_key_pasted_on_windows_is_a_key(sshd, key, reach, tmp_path):
    pasted = key.strip().replace("\n", "\r\n")
    url = sshd.url(tmp_path / "thing")
    assert reach(url, private_key=pasted, passphrase="open sesame").ok


def test_a_wrong_passphrase_opens_nothing_and_asks_nobody(sshd, key, reach, tmp_path):
    words = reach(sshd.url(tmp_path / "thing"), private_key=key, passphrase="wrong").words
    assert "Permission denied (publickey)" in words and "/proc/" not in words


def test_a_key_that_is_not_let_in_is_said(sshd, reach, tmp_path):
    other = new_key(tmp_path / "other")
    words = reach(sshd.url(tmp_path / "thing"), private_key=other).words
    assert "Permission denied (publickey)" in words


def test_a_host_whose_key_changed_is_refused(sshd, key, reach, tmp_path):
    url = sshd.url(tmp_path / "thing")
    seen = reach(url, private_key=key, passphrase="open sesame").hosts
    with sshd.as_another_host():
        reached = reach(url, private_key=key, passphrase="open sesame", known_hosts=seen)
    assert "not the one that was seen before" in reached.words
    assert reached.hosts == seen
