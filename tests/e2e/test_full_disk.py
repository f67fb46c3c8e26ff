"""The server's disk is full while a real agent sends what its job prints."""

from tests.waiting import eventually
from webapp.storage import log_store


def test_the_agent_waits_says_so_and_loses_nothing(house, new_agent):
    job = house.submit("seq 1 50000; mkdir out; echo model > out/a", artifacts=("out",))
    with house.app.app_context():
        path = log_store()._path(job, 1)
    path.parent.mkdir(parents=True)
    path.symlink_to("/dev/full")
    agent = new_agent().start()
    says = "The server's disk is full: make room there, then try again. (HTTP 503); trying again"
    eventually(lambda: says in agent.words(), what="a line about the disk")
    assert house.job(job).status == "running"
    path.unlink()
    assert house.final(job).status == "done"
    printed = b"".join(b"%d\n" % number for number in range(1, 50001))
    assert house.log(job).startswith(printed) and house.artifacts(job)["out/a"] == b"model\n"
    assert [attempt.number for attempt in house.attempts(job)] == [1]
    assert "answers again" in agent.words()
