"""The server's disk is full while a log arrives: the runner is asked to come again, and everything
is there when there is room again. (Of artifacts test_blobs.py tells.)"""

import pytest

from webapp.storage import log_store


@pytest.fixture
def full(job):
    """The disk is full where the log of the job goes; call it when there is to be room."""
    path = log_store()._path(job, 1)
    path.parent.mkdir(parents=True)
    path.symlink_to("/dev/full")
    return path.unlink


@pytest.mark.parametrize("size", [5, 100_000], ids=["what is buffered", "what is not"])
def test_a_chunk_that_found_no_room_is_not_acknowledged(machine, job, full, size):
    answer = machine.send_log(job, b"x" * size)
    assert (answer.status_code, answer.json["code"]) == (503, "unavailable")
    assert answer.json["message"] == "The server's disk is full: make room there, then try again."
    full()
    assert machine.send_log(job, b"").json == {"size": 0, "full": False}
    assert machine.send_log(job, b"x" * size).json["size"] == size
    assert log_store().read(job, 1, 0, 1 << 20) == b"x" * size


def test_the_job_goes_on_meanwhile(machine, job, full):
    assert machine.send_log(job, b"x").status_code == 503
    assert machine.report("started", job).status_code == 200
    assert machine.poll((job, 1))["orders"] == []
