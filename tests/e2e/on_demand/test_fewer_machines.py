"""A limit lowered, a limit deleted, everything switched off, while every machine is busy."""

import pytest

from tests.e2e.on_demand.scene import Scene
from tests.waiting import eventually

TWO, DELETED, LAST = "eu-west-1", "eu-central-1", "us-west-2"
ONCE = [(1, "exited")]


@pytest.fixture(scope="module")
def busy(scene: Scene) -> dict[str, dict[str, str]]:
    """Region -> job -> its gate; every machine has one job that fills it."""
    gates = ("one", "two", "three", "four")
    jobs = {scene.submit_gated(gate): gate for gate in gates}
    for region, maximum in ((TWO, 2), (DELETED, 1), (LAST, 1)):
        scene.limit(region, maximum)
    scene.running(*jobs)
    found: dict[str, dict[str, str]] = {}
    for job, gate in jobs.items():
        found.setdefault(scene.machine_of(job).region, {})[job] = gate
    assert {region: len(each) for region, each in found.items()} == {TWO: 2, DELETED: 1, LAST: 1}
    return found


def drain_and_end(scene: Scene, region: str, job: str, gate: str) -> None:
    """The job goes on while its machine drains, ends well, and its machine goes."""
    row = scene.machine_of(job)
    assert (row.status, scene.job(job).status) == ("draining", "running")
    assert scene.ec2_id_of(job) in {each["id"] for each in scene.in_aws(region, "running")}
    scene.open(gate)
    assert scene.final(job).status == "done"
    assert (scene.attempts(job), scene.log(job)) == (ONCE, b"begun\nended\n")
    over = scene.machine_of(job).id
    eventually(lambda: ended(scene, region, over), 60, "its machine is terminated")


def ended(scene: Scene, region: str, instance_id: str) -> bool:
    return {row.id: row.status for row in scene.instances(region)}[instance_id] == "terminated"


def test_lowering_drains_one_and_leaves_the_other_alone(scene: Scene, busy):
    scene.limit(TWO, 1)
    eventually(lambda: sorted(scene.status(TWO)) == ["draining", "running"], what="one drains")
    jobs = {scene.machine_of(job).status: job for job in busy[TWO]}
    drain_and_end(scene, TWO, jobs["draining"], busy[TWO].pop(jobs["draining"]))
    assert sorted(scene.status(TWO)) == ["running", "terminated"]
    assert scene.job(jobs["running"]).status == "running"


def test_deleting_drains_the_machines_of_the_limit(scene: Scene, busy):
    ((job, gate),) = busy[DELETED].items()
    scene.delete_limit(DELETED)
    eventually(lambda: scene.status(DELETED) == ["draining"], what="it drains")
    drain_and_end(scene, DELETED, job, gate)
    scene.gone(DELETED)


def test_switching_off_drains_all_and_launches_none(scene: Scene, busy):
    left = [(region, *each) for region in (TWO, LAST) for each in busy[region].items()]
    scene.api.post("on-demand/settings/update", enabled=False)
    eventually(lambda: scene.status(LAST) == ["draining"], what="it drains")
    eventually(lambda: "draining" in scene.status(TWO), what="it drains")
    waiting = scene.submit("echo begun")
    for region, job, gate in left:
        drain_and_end(scene, region, job, gate)
    for region in (TWO, LAST):
        scene.gone(region)
    why = "On-demand runners are switched off."
    eventually(lambda: scene.job(waiting).waiting == why, what=why)
    assert scene.job(waiting).status == "submitted"
    assert [scene.ever(region) for region in (TWO, DELETED, LAST)] == [2, 1, 1]
