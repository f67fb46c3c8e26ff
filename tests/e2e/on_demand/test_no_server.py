"""The server is killed for good: its machines end by themselves, a busy one after its job."""

from dataclasses import dataclass

import pytest

from tests.e2e.on_demand.scene import LARGE, Scene
from tests.waiting import eventually

IDLE, BUSY, BOOTING = "eu-west-1", "eu-central-1", "us-east-1"
# Pushed every three seconds. A minute is ten seconds once all have booted: a boot may be slow.
SETTINGS = {"DEADMAN_MINUTES": "1"}
TIMES_FASTER, TIMER_SECONDS = 6, 10
REASON = "Client.InstanceInitiatedShutdown"


@dataclass
class Left:
    """Machines, by what they were doing when the server was killed; what the busy one's job
    waits for, and what it makes at its end."""

    idle: str
    busy: str
    booting: str
    gate: str
    made: str


@pytest.fixture(scope="module")
def left(scene: Scene) -> Left:
    scene.api.post("on-demand/settings/update", idle_seconds=3600)
    scene.limit(IDLE, 1)
    short = scene.submit("echo begun")
    assert scene.final(short).status == "done"
    gate, made = scene.gate("gate"), scene.gate("made")
    scene.limit(BUSY, 1, LARGE)
    wait = f"while [ ! -e {gate} ]; do sleep 0.1; done"
    long = scene.submit("echo begun", wait, f"touch {made}", cpu=4)
    scene.running(long)
    idle, busy = scene.ec2_id_of(short), scene.ec2_id_of(long)
    scene.aws.knobs(shutdown_timescale=TIMES_FASTER)
    for each in (idle, busy):
        eventually(lambda e=each: timers(scene, e)[-1]["seconds"] == TIMER_SECONDS, what="a timer")
    scene.aws.knobs(boot_seconds=2)
    scene.limit(BOOTING, 1, LARGE)
    scene.submit("echo never", cpu=4)
    booting = eventually(lambda: scene.in_aws(BOOTING, "pending"), what="a third one")[0]["id"]
    scene.server.kill()
    return Left(idle, busy, booting, "gate", "made")


def events(scene: Scene, name: str, machine: str) -> list[dict]:
    found = scene.aws.state()["events"]
    return [each for each in found if (each["event"], each["subject"]) == (name, machine)]


def timers(scene: Scene, machine: str) -> list[dict]:
    return events(scene, "shutdown armed", machine)


def end_of(scene: Scene, machine: str) -> float:
    """When it was terminated, by its own shutdown."""
    eventually(lambda: events(scene, "terminated", machine), 60, f"the end of {machine}")
    assert scene.aws.machine(machine)["reason"] == REASON
    return events(scene, "terminated", machine)[-1]["time"]


def test_machines_without_work_shut_themselves_down_with_and_without_an_agent(scene, left):
    assert scene.aws.machine(left.idle)["state"] == "running"
    end_of(scene, left.idle)
    end_of(scene, left.booting)
    assert timers(scene, left.idle)[1:], "its agent had pushed the timer"
    assert len(timers(scene, left.booting)) == 1, "nobody pushed this one"


def test_a_busy_one_first_runs_its_job_to_the_end(scene, left):
    others = max(end_of(scene, each) for each in (left.idle, left.booting))
    eventually(lambda: timers(scene, left.busy)[-1]["time"] > others, what="it is pushed still")
    assert scene.aws.machine(left.busy)["state"] == "running"
    assert not scene.gate(left.made).exists()
    scene.open(left.gate)
    eventually(scene.gate(left.made).exists, what="the end of its job")
    end_of(scene, left.busy)
    assert scene.in_aws(BUSY) == []
