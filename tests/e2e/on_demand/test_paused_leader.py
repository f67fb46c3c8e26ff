"""The server that leads is stopped in the middle of a launch, past its lease; another one
takes over, and then the first one goes on."""

import signal

import pytest
from sqlalchemy import update

from tests.e2e.on_demand.scene import Scene
from tests.e2e.server_process import ServerProcess
from tests.waiting import eventually
from webapp.extensions import db
from webapp.models.lease import Lease
from webapp.models.transaction import writing

SETTINGS = {"PROCESSES": "2"}
REGION, REQUEST = "eu-west-1", "RequestSpotInstances"


@pytest.fixture
def spare(scene: Scene, tmp_path):
    """A second server on the same books. Machines know its address: the other one will sleep."""
    settings = {name: value for name, value in scene.server.settings.items() if name != "PORT"}
    spare = ServerProcess(tmp_path, **settings)
    for server in (scene.server, spare):
        server.settings["PUBLIC_URL"] = spare.url
    scene.server.kill()
    scene.server.start()  # it leads: it was there first
    yield spare.start()
    scene.server.process.send_signal(signal.SIGCONT)
    spare.close()


def its_lease_runs_out(scene: Scene) -> None:
    """As it does after so many seconds."""
    with scene.app.app_context():
        with writing():
            db.session.execute(update(Lease).values(expires_at=0))
        db.session.remove()


def test_it_does_nothing_with_what_it_knew_before(scene: Scene, spare: ServerProcess):
    scene.aws.fault(REQUEST, mode="lost", delay=1.5)
    scene.limit(REGION, 1)
    job = scene.submit_gated("end")

    def under_way() -> bool:
        return any(each["event"] == "fault" for each in scene.aws.state()["events"])

    eventually(under_way, what="the call is under way")
    scene.server.process.send_signal(signal.SIGSTOP)
    its_lease_runs_out(scene)
    eventually(lambda: "this process leads" in spare.log.read_text(), what="the other one leads")
    scene.running(job)
    scene.server.process.send_signal(signal.SIGCONT)
    eventually(lambda: "another process leads" in scene.server.log.read_text(), what="it notices")
    scene.open("end")
    assert scene.final(job).status == "done"
    assert scene.attempts(job) == [(1, "exited")]
    scene.gone(REGION)
    assert (scene.ever(REGION), scene.most_ever(REGION)) == (1, 1)
