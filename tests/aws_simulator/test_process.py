"""The simulator as a process: starts, says where it is, and leaves nothing behind."""

import json
import os
import signal
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from aws_simulator.machines.processes import all_processes
from aws_simulator.moto_fixes import MOTO, WrongMoto, check_version
from aws_simulator.process import REPOSITORY, SimulatorError, SimulatorProcess
from aws_simulator.web.loopback import NotLoopback, check_loopback
from tests.aws_simulator.cloud import Cloud
from tests.waiting import eventually

DAEMON = "#!/bin/sh\n(setsid sleep 994 &)\necho up\nsleep 1000\n"


def lives(pid: int) -> bool:
    process = all_processes().get(pid)
    return process is not None and process.state != "Z"


def test_it_stops_with_everything_in_it(tmp_path: Path) -> None:
    state_file = tmp_path / "practice.json"
    simulator = SimulatorProcess(
        boot=0, stop=0, root=tmp_path / "root", arguments=("--state-file", str(state_file))
    ).start()
    assert json.loads(state_file.read_text()) == simulator.ready
    assert stat.S_IMODE(state_file.stat().st_mode) == 0o600
    cloud = Cloud(simulator)
    machine_id = cloud.running(script=DAEMON)
    cloud.printed(machine_id, "up")
    pid = simulator.machine(machine_id)["pid"]
    assert simulator.stop() == 0
    assert not lives(pid)
    assert not state_file.exists()
    assert list((tmp_path / "root").iterdir()) == []


def test_it_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        import json, sys
        from tests.aws_simulator.cloud import Cloud
        from aws_simulator.process import SimulatorProcess
        simulator = SimulatorProcess(boot=0, stop=0).start()
        cloud = Cloud(simulator)
        machine_id = cloud.running(script=sys.argv[1])
        cloud.printed(machine_id, "up")
        print(json.dumps([simulator.process.pid, simulator.machine(machine_id)["pid"],
                          simulator.ready["root"]]), flush=True)
        sys.stdin.read()
        """
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, DAEMON],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent:
        simulator_pid, machine_pid, root = json.loads(parent.stdout.readline())
        parent.kill()
    eventually(lambda: not lives(simulator_pid) and not lives(machine_pid))
    eventually(lambda: not Path(root).exists())


def test_machines_die_with_a_simulator_that_is_killed(tmp_path: Path) -> None:
    simulator = SimulatorProcess(boot=0, stop=0, root=tmp_path).start()
    cloud = Cloud(simulator)
    machine_id = cloud.running(script=DAEMON)
    cloud.printed(machine_id, "up")
    pid = simulator.machine(machine_id)["pid"]
    os.kill(simulator.process.pid, signal.SIGKILL)
    eventually(lambda: not lives(pid))
    assert simulator.stop() == -signal.SIGKILL


def test_it_refuses_to_be_reached_from_elsewhere() -> None:
    check_loopback("127.0.0.1")
    for host in ("0.0.0.0", "::", "10.0.0.1", "localhost.example"):
        with pytest.raises(NotLoopback, match="listens on 127"):
            check_loopback(host)


def test_it_says_why_it_does_not_start(capfd: pytest.CaptureFixture[str]) -> None:
    for arguments, words in {
        ("--host", "0.0.0.0"): "listens on 127.0.0.1 only",
        ("--timescale", "0"): "--timescale is more than 0",
    }.items():
        with pytest.raises(SimulatorError, match="did not start"):
            SimulatorProcess(arguments=arguments).start()
        assert words in capfd.readouterr().err


def test_a_port_that_is_taken_is_said(cloud: Cloud, capfd: pytest.CaptureFixture[str]) -> None:
    taken = cloud.simulator.ready["control"].rpartition(":")[2]
    with pytest.raises(SimulatorError):
        SimulatorProcess(arguments=("--control-port", taken)).start()
    assert "Address already in use" in capfd.readouterr().err


def test_another_moto_is_refused() -> None:
    check_version(MOTO)
    with pytest.raises(WrongMoto, match=f"needs moto {MOTO} exactly, and 5.2.6 is installed"):
        check_version("5.2.6")


def test_the_product_is_not_imported() -> None:
    code = (
        "import aws_simulator.service, aws_simulator.process, sys; "
        "sys.exit(any(m.split('.')[0] == 'webapp' for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=False).returncode == 0
