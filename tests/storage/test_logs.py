import threading

import pytest

from webapp.storage.logs import LogStore, mark

JOB = "0123456789ab"
MOST = 10_000


@pytest.fixture
def store(tmp_path):
    return LogStore(tmp_path / "logs")


def test_chunks_come_together_byte_for_byte(store):
    assert store.append(JOB, 1, 0, b"caf\xc3", MOST) == 4
    assert store.append(JOB, 1, 4, b"\xa9\x00\r\n", MOST) == 8
    assert store.read(JOB, 1, 0, 100) == b"caf\xc3\xa9\x00\r\n"
    assert store.size(JOB, 1) == 8


@pytest.mark.parametrize(
    ("offset", "chunk", "kept"),
    [
        (0, b"hello", b"hello"),
        (0, b"hello world", b"hello world"),
        (3, b"lo!", b"hello!"),
        (5, b"", b"hello"),
        (6, b"gap", b"hello"),
        (2**62, b"gap", b"hello"),
    ],
)
def test_a_repetition_is_kept_once_and_a_gap_not_at_all(store, offset, chunk, kept):
    store.append(JOB, 1, 0, b"hello", MOST)
    assert store.append(JOB, 1, offset, chunk, MOST) == len(kept)
    assert store.read(JOB, 1, 0, 100) == kept


def test_a_full_log_ends_in_one_mark(store):
    assert store.append(JOB, 1, 0, b"x" * 8, 10) == 8
    for offset in (8, 10, 10):
        assert store.append(JOB, 1, offset, b"yyyy", 10) == 10
    assert store.read(JOB, 1, 0, 1000) == b"x" * 8 + b"yy" + mark(10)
    assert store.size(JOB, 1) == 10 + len(mark(10))


def test_each_attempt_has_a_log_of_its_own(store):
    store.append(JOB, 1, 0, b"first", MOST)
    store.append(JOB, 2, 0, b"second", MOST)
    assert (store.read(JOB, 1, 0, 10), store.read(JOB, 2, 3, 2)) == (b"first", b"on")


def test_no_log_is_an_empty_one(store):
    assert (store.read(JOB, 1, 0, 10), store.size(JOB, 1)) == (b"", 0)


def test_deleting_a_job_deletes_all_of_its_logs(store):
    store.append(JOB, 1, 0, b"x", MOST)
    store.append(JOB, 2, 0, b"x", MOST)
    store.delete(JOB)
    store.delete(JOB)
    assert store.size(JOB, 1) == store.size(JOB, 2) == 0


@pytest.mark.parametrize("job", ["", "..", "../../etc/abc", "0123456789AB", "0123456789ab/"])
def test_what_is_not_a_job_id_never_becomes_a_path(store, job):
    for call in (lambda: store.read(job, 1, 0, 1), lambda: store.delete(job)):
        with pytest.raises(ValueError, match="12 hex digits"):
            call()


def test_nobody_else_on_the_machine_reads_it(store):
    store.append(JOB, 1, 0, b"x", MOST)
    assert (store.root / JOB[:2] / JOB).stat().st_mode & 0o077 == 0


def test_senders_at_the_same_time_neither_lose_nor_double_anything(store):
    whole = bytes(range(256)) * 8

    def send():
        kept = 0
        while kept < len(whole):
            kept = store.append(JOB, 1, kept, whole[kept : kept + 7], MOST)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert store.read(JOB, 1, 0, MOST) == whole
