"""Machines as processes: they boot their user data, and end with everything they started."""

import signal
from pathlib import Path

import pytest

from aws_simulator.machines.isolation import PROCESS_GROUP, Isolation, best
from aws_simulator.machines.process_tree import ProcessTree
from aws_simulator.machines.processes import all_processes, has_mark
from tests.aws_simulator.cloud import Cloud
from tests.waiting import eventually

DAEMON = """#!/bin/sh
setsid sh -c 'echo "daemon $$" > daemon; exec sleep 1000' </dev/null >/dev/null 2>&1 &
trap 'echo told to end; exit 0' TERM
echo ready
while :; do sleep 0.05; done
"""


def home(cloud: Cloud, machine_id: str) -> Path:
    return Path(cloud.simulator.machine(machine_id)["folder"]) / "home"


def sleepers(cloud: Cloud, machine_id: str) -> list[int]:
    """Processes on this host that hold the machine's mark in their environment."""
    return marked(f"SIMULATED_MACHINE={machine_id}".encode())


def marked(mark: bytes) -> list[int]:
    return [pid for pid in all_processes() if has_mark(pid, mark)]


def test_user_data_run_by_their_interpreter(cloud: Cloud) -> None:
    script = "#!/usr/bin/env -S python3 -u\nimport sys\nprint('python', sys.version_info[0])\n"
    assert "python 3" in cloud.printed(cloud.running(script=script), "python 3")


def test_what_is_no_script_is_not_run(cloud: Cloud) -> None:
    machine_id = cloud.running(script="echo never\n")
    eventually(lambda: cloud.simulator.machine(machine_id)["alive"], what="it boots")
    assert cloud.simulator.machine(machine_id)["user_data"] == "not a script"


def test_the_environment_is_clean_and_its_own(cloud: Cloud) -> None:
    text = cloud.printed(cloud.running(script="#!/bin/sh\nenv\npwd\necho done\n"), "done")
    names = {line.partition("=")[0] for line in text.splitlines() if "=" in line}
    assert {name for name in names if name.startswith("AWS_")} == {
        "AWS_EC2_METADATA_SERVICE_ENDPOINT"
    }
    allowed = {"PATH", "HOME", "TMPDIR", "LANG", "SHELL", "USER", "PWD", "OLDPWD", "SHLVL", "_"}
    allowed |= {"PREFIX", "AWS_EC2_METADATA_SERVICE_ENDPOINT", "SIMULATED_MACHINE"}
    assert names <= allowed
    root = cloud.simulator.ready["root"]
    lines = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    assert lines["HOME"].startswith(root) and lines["TMPDIR"].startswith(root)
    assert lines["PATH"].startswith(f"{root}/shims:{lines['HOME']}/.local/bin:")
    assert lines["PREFIX"] == f"{lines['HOME']}/.local", "nothing is installed on the host"


def test_it_stays_running_when_its_user_data_have_ended(cloud: Cloud) -> None:
    machine_id = cloud.running(script="#!/bin/sh\n(setsid sleep 1000 &)\nexit 7\n")
    cloud.printed(machine_id, "user data ended with status 7")
    assert cloud.simulator.machine(machine_id)["alive"]
    assert cloud.described(machine_id)["State"]["Name"] == "running"


def test_terminate_tells_the_processes_and_then_kills_them_all(cloud: Cloud) -> None:
    cloud.simulator.knobs(stop_seconds=0.5)
    machine_id = cloud.running(script=DAEMON)
    cloud.printed(machine_id, "ready")
    eventually(lambda: (home(cloud, machine_id) / "daemon").exists())
    assert sleepers(cloud, machine_id)
    cloud.ec2.terminate_instances(InstanceIds=[machine_id])
    cloud.printed(machine_id, "told to end")
    cloud.wait_for_state(machine_id, "terminated")
    assert sleepers(cloud, machine_id) == []


def test_sudden_death_tells_nobody(cloud: Cloud) -> None:
    machine_id = cloud.running(script=DAEMON)
    cloud.printed(machine_id, "ready")
    cloud.simulator.befall(machine_id, "kill")
    cloud.wait_for_state(machine_id, "terminated")
    assert sleepers(cloud, machine_id) == []
    assert "told to end" not in cloud.simulator.console(machine_id)


def test_a_crashed_machine_is_still_running_to_ec2(cloud: Cloud) -> None:
    machine_id = cloud.running(script=DAEMON)
    cloud.printed(machine_id, "ready")
    cloud.simulator.befall(machine_id, "crash")
    assert sleepers(cloud, machine_id) == []
    assert cloud.described(machine_id)["State"]["Name"] == "running"
    assert cloud.simulator.machine(machine_id)["crashed"]
    cloud.ec2.terminate_instances(InstanceIds=[machine_id])
    cloud.wait_for_state(machine_id, "terminated")


def test_a_hung_machine_does_nothing_until_it_wakes_up(cloud: Cloud) -> None:
    script = "#!/bin/sh\ni=0\nwhile :; do i=$((i+1)); echo $i > count; sleep 0.02; done\n"
    machine_id = cloud.running(script=script)
    count = eventually(lambda: next(home(cloud, machine_id).glob("count"), None))
    eventually(lambda: count.read_text() not in ("", "1\n"))
    cloud.simulator.befall(machine_id, "hang")
    frozen = count.read_text()
    then = cloud.simulator.state()["now"] + 0.3
    eventually(lambda: cloud.simulator.state()["now"] > then)
    assert count.read_text() == frozen
    assert cloud.described(machine_id)["State"]["Name"] == "running"
    cloud.simulator.befall(machine_id, "unhang")
    eventually(lambda: count.read_text() not in ("", frozen))


def test_a_hung_machine_can_be_terminated(cloud: Cloud) -> None:
    machine_id = cloud.running(script=DAEMON)
    cloud.printed(machine_id, "ready")
    cloud.simulator.befall(machine_id, "hang")
    cloud.ec2.terminate_instances(InstanceIds=[machine_id])
    cloud.wait_for_state(machine_id, "terminated")
    assert sleepers(cloud, machine_id) == []


def test_a_boot_can_fail_without_ever_running_user_data(cloud: Cloud) -> None:
    cloud.simulator.knobs(boots_without_user_data=1)
    script = "#!/bin/sh\necho booted\n"
    failing = cloud.running(script=script)
    eventually(lambda: cloud.simulator.machine(failing)["user_data"] == "never run")
    cloud.printed(cloud.running(script=script), "booted")
    assert "booted" not in cloud.simulator.console(failing)


def test_a_boot_can_end_at_once(cloud: Cloud) -> None:
    cloud.simulator.knobs(boots_that_exit=1)
    machine_id = cloud.running(script="#!/bin/sh\necho booted\n")
    text = cloud.printed(machine_id, "user data ended with status 1")
    assert "booted" not in text


def test_a_console_is_kept_up_to_its_limit(cloud: Cloud) -> None:
    cloud.simulator.knobs(console_limit=1000)
    script = "#!/bin/sh\nhead -c 3000000 /dev/zero | tr '\\0' x\ntouch finished\n"
    machine_id = cloud.running(script=script)
    cloud.printed(machine_id, "the rest of this console is not kept")
    # The machine itself is not held up by a console nobody keeps.
    eventually(lambda: (home(cloud, machine_id) / "finished").exists())
    assert len(cloud.simulator.console(machine_id)) < 1100


def test_each_machine_has_its_own_name_and_identity(cloud: Cloud) -> None:
    script = "#!/bin/sh\nuname -n\ncat /etc/machine-id\necho done\n"
    one, two = (cloud.printed(cloud.running(script=script), "done") for _ in range(2))
    assert cloud.simulator.ready["isolation"] == best().name
    if best().namespaced and Path("/etc/machine-id").exists():
        assert not set(one.splitlines()[:2]) & set(two.splitlines()[:2])


def test_interruption_can_be_heard_and_answered(cloud: Cloud) -> None:
    script = """#!/bin/sh
trap 'echo saving; exit 0' TERM
echo ready
while :; do sleep 0.05; done
"""
    cloud.simulator.knobs(stop_seconds=0.5)
    machine_id = cloud.running(script=script)
    cloud.printed(machine_id, "ready")
    cloud.simulator.interrupt(machine_id, real_seconds=0.3)
    cloud.printed(machine_id, "saving")
    cloud.wait_for_state(machine_id, "terminated")


@pytest.mark.parametrize("isolation", [best(), PROCESS_GROUP], ids=["best", "process-group"])
def test_nothing_of_a_tree_survives_its_kill(tmp_path: Path, isolation: Isolation) -> None:
    tree = ProcessTree(isolation, f"i-{tmp_path.name}")
    environment = {"PATH": "/usr/bin:/bin", "SIMULATED_MACHINE": f"i-{tmp_path.name}"}
    if isolation.namespaced:
        environment |= {"MACHINE_HOSTNAME": "ip-test", "MACHINE_ROOT": str(tmp_path)}
        (tmp_path / "machine-id").write_text("0" * 32)
    many = "for _ in $(seq 200); do setsid sleep 997 & done"
    command = ["/bin/sh", "-c", f"{many}; sleep 998 & touch ready; wait"]
    tree.start(command, tmp_path, environment)
    eventually(lambda: (tmp_path / "ready").exists() and len(tree.members()) >= 202)
    tree.freeze()
    assert {process.state for process in tree.members()} == {"T"}
    tree.thaw()
    eventually(lambda: "T" not in {process.state for process in tree.members()})
    tree.kill()
    assert not tree.alive
    assert marked(tree.mark) == []


def test_a_tree_without_namespace_ends_with_its_simulator(tmp_path: Path) -> None:
    tree = ProcessTree(PROCESS_GROUP, f"i-{tmp_path.name}")
    environment = {"PATH": "/usr/bin:/bin", "SIMULATED_MACHINE": f"i-{tmp_path.name}"}
    command = ["/bin/sh", "-c", "setsid sleep 996 & touch ready"]
    tree.start(command, tmp_path, environment)
    eventually(lambda: (tmp_path / "ready").exists() and len(tree.members()) == 1)
    # What the kernel does when the simulator dies of SIGKILL: our end of the pipe closes.
    tree._keeper.stdin.close()
    eventually(lambda: tree.members() == [] and not tree.alive)
    tree.kill()


def test_signals_reach_every_member_but_not_the_keepers(tmp_path: Path) -> None:
    tree = ProcessTree(best(), f"i-{tmp_path.name}")
    environment = {"PATH": "/usr/bin:/bin", "SIMULATED_MACHINE": f"i-{tmp_path.name}"}
    tree.start(["/bin/sh", "-c", "sleep 995 & wait"], tmp_path, environment)
    eventually(lambda: any(process.name == "sleep" for process in tree.members()))
    tree.signal(signal.SIGTERM)
    eventually(lambda: tree.members() == [])
    assert tree.alive
    tree.kill()
