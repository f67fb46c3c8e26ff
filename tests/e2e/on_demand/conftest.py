"""One practice AWS and one server process for each file of tests."""

import pytest

from aws_simulator.process import SimulatorProcess
from tests import people
from tests.conftest import make_app, test_settings
from tests.e2e.on_demand.scene import LARGE, SMALL, Scene
from tests.e2e.server_process import ServerProcess
from webapp.clock import now
from webapp.extensions import db
from webapp.models.catalogue import keep_offerings, keep_regions
from webapp.models.transaction import writing

REGIONS = ("eu-west-1", "eu-central-1", "us-west-2", "us-east-1")
SIZES = {SMALL: (2000, 8192), LARGE: (4000, 16384)}


@pytest.fixture(scope="module")
def scene(request, template, tmp_path_factory):
    """Practice AWS is started here and not by the server, so that it outlives a killed one. A file
    may have SETTINGS of its own."""
    folder = tmp_path_factory.mktemp("on-demand")
    with SimulatorProcess(boot=0.3, stop=0.3, enforce_iam=True, root=folder) as aws:
        settings = test_settings(folder)
        own = getattr(request.module, "SETTINGS", {})
        server = ServerProcess(folder, **{**_variables(settings), **_endpoints(aws), **own})
        app = make_app(template, settings)
        with app.app_context():
            _furnish(server)
        scene = Scene(app, server, aws, folder)
        try:
            server.start()
            scene.enter_keys()
            yield scene
        finally:
            server.close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _variables(settings) -> dict[str, str]:
    return {
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database,
        "SECRET_KEY": settings.secret_key,
        "ENCRYPTION_KEY": settings.encryption_key,
        "PROCESSES": "1",  # several are what other scenes are about
        "THREADS": "40",
        "TICK_SECONDS": "0.5",
        "POLL_SECONDS": "2",
        "HEARTBEAT_SECONDS": "1",
        "LEASE_SECONDS": "15",
    }


def _endpoints(aws: SimulatorProcess) -> dict[str, str]:
    """Where AWS is. The keys come by the API, as an admin enters them."""
    return {name: value for name, value in aws.environment().items() if "KEY" not in name}


def _furnish(server: ServerProcess) -> None:
    """People, and the catalogue of a few regions: to fetch it takes practice AWS seconds."""
    people.add_people()
    server.token = people.token("admin")
    with writing():
        keep_regions([(name, True) for name in REGIONS], now())
        for region in REGIONS:
            keep_offerings(region, [_offering(region, name) for name in SIZES], now())


def _offering(region: str, name: str) -> dict:
    cpu, memory = SIZES[name]
    return {
        "instance_type": name,
        "cpu_milli": cpu,
        "memory_mib": memory,
        "gpus": [],
        "arch": "x86_64",
        "purchase_types": ["spot", "on-demand"],
        "zones": [f"{region}a", f"{region}b"],
    }
