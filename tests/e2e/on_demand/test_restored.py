"""A backup made while the server works, restored on another machine; always on SQLite, since
PostgreSQL has tools of its own."""

import os
import subprocess
import sys

import pytest

from aws_simulator.process import SimulatorProcess
from tests.conftest import test_settings
from tests.e2e.on_demand.conftest import _endpoints, _furnish, _variables
from tests.e2e.on_demand.scene import Scene
from tests.e2e.server_process import ROOT, ServerProcess
from tests.waiting import eventually
from webapp import create_app
from webapp.extensions import db
from webapp.start import prepare

REGION = "eu-west-1"
TOO_BIG = "workflows:\n- {name: big, commands: ['true'], resources: {cpu: 64}}\n"
MEANWHILE = 10  # runs that are submitted while the backup is being made


def installation(folder):
    settings = test_settings(folder, database_url=None)
    folder.mkdir()
    return settings, create_app(settings)


@pytest.fixture
def scene(tmp_path):
    settings, app = installation(tmp_path / "old")
    prepare(app)
    with SimulatorProcess(boot=0.3, stop=0.3, enforce_iam=True, root=tmp_path) as aws:
        server = ServerProcess(tmp_path, **_variables(settings), **_endpoints(aws))
        with app.app_context():
            _furnish(server)
        scene = Scene(app, server, aws, tmp_path)
        try:
            server.start()
            scene.enter_keys()
            scene.limit(REGION, 1)
            yield scene
        finally:
            server.close()
            for each in (app, scene.app):
                with each.app_context():
                    db.session.remove()
                    db.engine.dispose()


def command(scene, *words):
    """As an operator types it, with the settings of the server."""
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", *map(str, words)],
        cwd=ROOT,
        env={**os.environ, **scene.server.settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def done(process):
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    return output


def moved(scene, file):
    """The first server and its disk are lost; another one stands where it stood."""
    scene.server.kill()
    settings, scene.app = installation(file.parent / "new")
    variables = {"DATA_DIR": str(settings.data_dir), "DATABASE_URL": settings.database}
    scene.server.settings.update(variables)
    assert "1 machine in the books" in done(command(scene, "restore", file))
    scene.server.start()


def test_a_machine_that_runs_is_adopted_and_its_job_goes_on(scene, tmp_path):
    job = scene.submit_gated("end")
    scene.running(job)
    machine, file = scene.ec2_id_of(job), tmp_path / "backup.db"
    backup = command(scene, "backup", file)
    runs = [scene.api.submit(TOO_BIG) for _ in range(MEANWHILE)]
    done(backup)
    moved(scene, file)
    kept = [name for name in runs if _is_kept(scene, name)]
    assert kept == runs[: len(kept)], "as of one instant"
    eventually(lambda: scene.job(job).status == "running" and scene.status(REGION) == ["running"])
    scene.open("end")
    assert scene.final(job).status == "done"
    assert scene.attempts(job) == [(1, "exited")]
    assert scene.log(job) == b"begun\nended\n"
    assert [each.ec2_id for each in scene.instances(REGION)] == [machine]
    scene.gone(REGION)
    assert (scene.ever(REGION), scene.most_ever(REGION)) == (1, 1)


def _is_kept(scene, name):
    try:
        (job,) = scene.api.jobs(name)
    except SystemExit as error:
        assert "404" in str(error)
        return False
    return job["status"] == "submitted"
