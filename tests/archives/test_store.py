import hashlib
import io
import os

import pytest

from webapp.archives import ArchiveStore, TooLarge

CONTENT = b"an archive" * 1000
SHA = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def store(tmp_path):
    return ArchiveStore(tmp_path / "archives")


def keep(store, content=CONTENT):
    with store.receiving(io.BytesIO(content), 10**6) as received:
        received.keep()
    return received


def test_what_is_kept_is_named_by_its_digest_and_read_in_pieces(store):
    received = keep(store)
    assert (received.sha, received.size, store.size(SHA)) == (SHA, len(CONTENT), len(CONTENT))
    assert store.read(SHA, 3, 7) == CONTENT[3:10] and store.read(SHA, len(CONTENT), 7) == b""
    assert oct(next(store.root.glob("??/*")).stat().st_mode)[-3:] == "600"


def test_the_same_content_is_kept_once(store):
    keep(store)
    keep(store)
    assert len(list(store.root.glob("??/*"))) == 1


def test_what_nobody_decided_to_keep_is_gone(store):
    with store.receiving(io.BytesIO(CONTENT), 10**6) as received:
        assert received.path.exists()
    assert store.size(SHA) is None and not list(store.root.glob("incoming-*"))


def test_more_than_is_taken_leaves_nothing(store):
    with pytest.raises(TooLarge), store.receiving(io.BytesIO(CONTENT), len(CONTENT) - 1):
        pass
    assert list(store.root.iterdir()) == []


def test_what_no_run_needs_is_removed_when_it_is_old(store):
    keep(store)
    other = keep(store, b"other").sha
    later = os.stat(store.root / SHA[:2] / SHA).st_mtime + 1
    assert store.delete_unused(later - 60, lambda: set()) == 0
    assert store.delete_unused(later, lambda: {SHA}) == 1
    assert store.size(SHA) and store.size(other) is None


def test_what_is_sent_again_counts_as_new(store):
    keep(store)
    os.utime(store.root / SHA[:2] / SHA, (0, 0))
    keep(store)
    assert store.delete_unused(1000, lambda: set()) == 0


def test_a_receipt_that_was_broken_off_is_removed_later(store):
    keep(store)
    left = store.root / "incoming-x"
    left.write_bytes(b"x")
    os.utime(left, (0, 0))
    assert store.delete_unused(1000, lambda: {SHA}) == 1


@pytest.mark.parametrize("name", ["", "..", "../" + SHA[:61], SHA.upper(), SHA[:63]])
def test_a_name_that_is_no_digest_is_a_mistake_of_ours(store, name):
    with pytest.raises(ValueError, match="SHA-256"):
        store.size(name)


def test_an_empty_store_has_nothing_to_remove(store):
    assert store.delete_unused(10**12, lambda: set()) == 0
