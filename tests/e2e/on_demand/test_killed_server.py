"""kill -9 of the server while every machine is at another point of its life.

In one instant one machine is being asked for (EC2 has the call, its answer is never stored), the
next one is only a row, one drains with a job on it, and one is being terminated. Another server
takes over. A region has one of these machines, the first two share one.
"""

from dataclasses import dataclass

import pytest

from tests.e2e.on_demand.scene import Scene
from tests.waiting import eventually

SETTINGS = {"PROCESSES": "2"}
ASKED, FIRST, SECOND = "us-west-2", "eu-west-1", "eu-central-1"
ONCE = [(1, "exited")]
TERMINATE, REQUEST = "TerminateInstances", "RequestSpotInstances"


@dataclass
class Killed:
    """What there was when the server was killed; `busy` drained, `ending` was terminating."""

    scene: Scene
    busy: str
    ending: str
    finished: str
    asked: list[str]
    unanswered: str
    uncalled: str


@pytest.fixture(scope="module")
def killed(scene: Scene) -> Killed:
    """The story up to the moment in which the next server has begun."""
    jobs = {scene.submit_gated(name): name for name in ("one", "two")}
    scene.limit(FIRST, 1)
    scene.limit(SECOND, 1)
    scene.running(*jobs)
    busy, finished = jobs
    regions = scene.machine_of(busy).region, scene.machine_of(finished).region
    scene.aws.fault(TERMINATE, code="InternalError", times=1000, region=regions[1])
    scene.open(jobs[finished])
    scene.delete_limit(regions[0])
    eventually(lambda: scene.status(regions[0]) == ["draining"], what="draining")
    eventually(lambda: scene.status(regions[1]) == ["terminating"], what="terminating")
    asked = [scene.submit_gated("asked") for _ in range(2)]
    unanswered, uncalled = _ask_without_an_answer(scene)
    assert scene.status(regions[0]) == ["draining"]
    assert scene.status(regions[1]) == ["terminating"]
    scene.server.kill()
    scene.aws.clear_faults()
    scene.server.start()
    scene.open(jobs[busy])
    return Killed(scene, busy, regions[1], finished, asked, unanswered, uncalled)


def _ask_without_an_answer(scene: Scene) -> tuple[str, str]:
    """Ids of two rows; returns while the call for the first one is under way."""
    scene.aws.fault(REQUEST, mode="lost", delay=1.5, region=ASKED)
    scene.limit(ASKED, 2)

    def under_way() -> bool:
        return any(e["event"] == "fault" and e["subject"] == REQUEST for e in _events(scene))

    eventually(under_way, what="the call is under way")
    first, second = scene.instances(ASKED)
    assert (first.status, first.tries, first.request_id) == ("pending", 1, None)
    assert (second.status, second.tries, second.called_at) == ("pending", 0, None)
    assert scene.ever(ASKED) == 0
    return first.id, second.id


def _events(scene: Scene) -> list[dict]:
    return scene.aws.state()["events"]


def test_a_machine_whose_answer_was_never_stored_is_found_and_not_asked_for_again(killed: Killed):
    scene = killed.scene
    scene.running(*killed.asked)
    scene.open("asked")
    assert [scene.final(each).status for each in killed.asked] == ["done", "done"]
    assert [scene.attempts(each) for each in killed.asked] == [ONCE, ONCE]
    scene.gone(ASKED)
    rows = {row.id: row for row in scene.instances(ASKED)}
    assert rows[killed.unanswered].ec2_id, "its machine was found"


def test_a_machine_that_was_only_a_row_is_asked_for_once(killed: Killed):
    scene = killed.scene
    scene.gone(ASKED)
    rows = {row.id: row for row in scene.instances(ASKED)}
    assert set(rows) == {killed.unanswered, killed.uncalled}
    assert rows[killed.uncalled].ec2_id
    assert (scene.ever(ASKED), scene.most_ever(ASKED)) == (2, 2)


def test_a_draining_machine_keeps_its_job_until_it_is_done(killed: Killed):
    scene = killed.scene
    assert scene.final(killed.busy).status == "done"
    assert scene.attempts(killed.busy) == ONCE
    assert scene.log(killed.busy) == b"begun\nended\n"


def test_a_machine_that_was_to_be_terminated_is_terminated(killed: Killed):
    scene = killed.scene
    assert scene.job(killed.finished).status == "done"
    scene.gone(killed.ending)
    assert [row.end_cause for row in scene.instances(killed.ending)] == ["idle"]


def test_nothing_was_doubled_and_nothing_is_left(killed: Killed):
    scene = killed.scene
    for region in (FIRST, SECOND):
        scene.gone(region)
        assert (scene.ever(region), scene.most_ever(region)) == (1, 1)
    state = scene.aws.state()
    assert state["open_requests"] == []
    assert {each["state"] for each in state["instances"]} == {"terminated"}
