"""Artifacts in files; what the agents' calls show is tested there."""

import errno
import os

import pytest

from webapp.storage.content import CannotKeep, Content, Next, Place
from webapp.storage.local import RESERVE, LocalStore

PLACE = Place("max", "wise-otter-1", "0123456789ab")
SHA = "ab" * 32


@pytest.fixture
def store(tmp_path):
    return LocalStore(tmp_path / "artifacts")


def stored(store, data=b"content"):
    content = Content(store.new_key(PLACE, "a", SHA), SHA, len(data))
    assert store.receive(content, 0, data) == Next(arrived=True)
    return content


def test_two_contents_never_share_a_key(store):
    assert store.new_key(PLACE, "a", SHA) != store.new_key(PLACE, "a", SHA)


def test_a_content_that_was_checked_is_not_written_to(store):
    content = stored(store)
    store.settle(content)
    assert os.stat(store.root / content.key).st_mode & 0o777 == 0o440


def test_deleting_what_is_not_there_is_no_fault(store):
    content = stored(store)
    store.delete(content)
    store.delete(content)
    with pytest.raises(CannotKeep, match="No such file"):
        store.open(content)


def test_what_is_shown_is_the_file_itself_and_goes_without_it(store):
    content = stored(store)
    store.show(PLACE, [("deep/a", content.key), ("b", content.key)])
    shown = store.root / "max/wise-otter-1/0123456789ab"
    assert os.path.samefile(shown / "deep/a", store.root / content.key)
    assert store.shown() == [PLACE]
    store.hide(PLACE)
    assert store.shown() == [] and not (store.root / "max/wise-otter-1").exists()
    with store.open(content) as file:
        assert file.read() == b"content"


def test_showing_again_shows_nothing_of_before(store):
    content = stored(store)
    store.show(PLACE, [("a", content.key)])
    store.show(PLACE, [("b", content.key)])
    (shown,) = (store.root / "max/wise-otter-1/0123456789ab").iterdir()
    assert shown.name == "b"


def test_where_a_file_can_have_no_more_hard_links_it_is_shown_by_a_link(store, monkeypatch):
    def too_many(*_):
        raise OSError(errno.EMLINK, "Too many links")

    monkeypatch.setattr(os, "link", too_many)
    content = stored(store)
    store.show(PLACE, [("deep/a", content.key)])
    shown = store.root / "max/wise-otter-1/0123456789ab/deep/a"
    assert shown.is_symlink() and shown.read_bytes() == b"content"


def test_a_disk_with_a_quota_is_full_too(store, monkeypatch):
    def full(*_):
        raise OSError(errno.EDQUOT, "Disk quota exceeded")

    monkeypatch.setattr("webapp.storage.local.fcntl.flock", full)
    with pytest.raises(CannotKeep, match=r"^The server's disk is full\.$"):
        stored(store)


def test_the_database_and_logs_keep_a_reserve_of_the_disk(store, monkeypatch):
    monkeypatch.setattr("webapp.storage.local.free_bytes", lambda _: RESERVE + 6)
    with pytest.raises(CannotKeep, match="disk is full"):
        stored(store, b"7 bytes")
    stored(store, b"6bytes")
