"""Jobs with an image, in real containers of podman with a tiny image made here."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.agent_process import processes_with
from tests.waiting import eventually
from webapp.engine.jobs import JobSpec, PythonSetup
from webapp.engine.resources import Ask

IMAGE = "localhost/runners-test-box:1"
CONF = """\
[containers]
default_ulimits = ["nofile=1024:20000","nproc=4096:8192"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
"""
# As far as a job can tell.
PYTHON = """\
#!/bin/sh
echo "python $*"
case "$*" in *wrong.txt) echo "ERROR: No match for moonlight"; exit 1 ;; esac
"""


@pytest.fixture(scope="session")
def engine(tmp_path_factory):
    """Variables under which podman works here; the image is there."""
    folder = tmp_path_factory.mktemp("podman")
    conf = folder / "containers.conf"
    conf.write_text(CONF)
    (folder / "root/bin").mkdir(parents=True)
    shutil.copy("/bin/busybox", folder / "root/bin/busybox")
    for tool in ("sh", "cat", "sleep", "env", "echo", "seq", "touch", "ls"):
        (folder / "root/bin" / tool).symlink_to("busybox")
    (folder / "root/bin/python").write_text(PYTHON)
    (folder / "root/bin/python").chmod(0o755)
    bundle = folder / "box.tar"
    subprocess.run(["tar", "-C", folder / "root", "-cf", bundle, "."], check=True)
    variables = {"CONTAINERS_CONF": str(conf)}
    words = ["podman", "import", "--change", "ENV PATH=/bin", str(bundle), IMAGE]
    environment = {**os.environ, **variables}
    subprocess.run(words, check=True, env=environment, capture_output=True, timeout=60)
    return variables


@pytest.fixture
def agent(new_agent, engine):
    return new_agent(**engine).start()


def podman(engine, *words):
    done = subprocess.run(
        ["podman", *words], env={**os.environ, **engine}, capture_output=True, text=True, timeout=60
    )
    return done.stdout


def test_a_job_runs_in_its_image_with_its_variables_and_its_folder(house, agent):
    variables = {"MINE": "two\nlines", "LD_LIBRARY_PATH": "/nowhere", "PATH": "/bin"}
    job = house.submit(
        "echo out; echo err >&2; ls /bin/busybox; touch here; ls; env",
        image=IMAGE,
        environment=variables,
    )
    assert house.final(job, 60).status == "done", house.log(job)
    printed = house.log(job).decode()
    assert printed.startswith("out\nerr\n/bin/busybox\nhere\n")
    assert "MINE=two\nlines\n" in printed and "LD_LIBRARY_PATH=/nowhere" in printed
    assert "PWD=/workflow" in printed and "DSTACK_SET_" not in printed


def test_its_memory_is_limited_to_what_it_asked_for(house, agent):
    commands = "cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max; true"
    job = house.submit(commands, image=IMAGE, memory_mib=64)
    assert house.final(job, 60).status == "done"
    assert b"67108864" in house.log(job)


def test_the_exit_code_of_the_job_is_kept_also_when_it_is_one_of_the_engines(house, agent):
    job = house.final(house.submit("no-such-command", image=IMAGE), 60)
    assert (job.status, job.exit_code) == ("failed", 127)


def test_values_are_in_no_command_line(house, agent):
    job = house.submit("echo up; sleep 600", image=IMAGE, environment={"KEY": "s3cr3t-42"})
    house.running(job, b"up")
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/cmdline", "rb") as file:
                    assert b"s3cr3t-42" not in file.read()
            except OSError:
                continue
    house.stop(job, abort=True)
    house.final(job)


def test_a_missing_image_fails_with_the_engines_words(house, agent):
    job = house.final(house.submit("true", image="127.0.0.1:9/no/such:1"), 60)
    assert job.status == "failed"
    assert "127.0.0.1:9/no/such:1 could not be pulled" in job.reason


def test_a_stopped_container_is_gone(house, agent, engine):
    job = house.submit(
        "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.1; done", image=IMAGE
    )
    house.running(job, b"up")
    house.stop(job)
    assert house.final(job, 60).status == "stopped"
    assert b"bye" in house.log(job)
    assert job not in podman(engine, "ps", "--all", "--format", "{{.Names}}")


def test_a_container_does_not_survive_the_next_start_of_a_killed_agent(house, new_agent, engine):
    agent = new_agent(**engine).start()
    job = house.submit("echo up; sleep 600", image=IMAGE)
    house.running(job, b"up")
    agent.signal(signal.SIGKILL)
    agent.ended()
    names = ["ps", "--all", "--format", "{{.Names}}"]
    assert f"dstack-{job}-1" in podman(engine, *names)
    agent.start()
    eventually(lambda: f"dstack-{job}-1" not in podman(engine, *names), 30)


def test_a_python_job_runs_in_its_image_after_pip(house, agent):
    job = house.submit("python a.py", python=PythonSetup("3", "r.txt", IMAGE))
    row = house.final(job, 60)
    assert (row.status, row.runs_in) == ("done", f"image {IMAGE}")
    first, second = house.log(job).decode().splitlines()
    assert first.startswith("python -m pip install") and first.endswith(" -r r.txt")
    assert second == "python a.py"


def test_when_pip_fails_in_the_image_its_last_words_are_the_reason(house, agent):
    job = house.submit("python a.py", python=PythonSetup("3", "wrong.txt", IMAGE))
    row = house.final(job, 60)
    assert row.reason == "pip could not install wrong.txt: No match for moonlight"
    assert b"a.py" not in house.log(job)


def test_a_python_job_whose_image_cannot_be_pulled_gets_a_virtual_environment(house, agent):
    absent = PythonSetup("3", image="localhost/no-such-image:1")
    row = house.final(house.submit("python -c 'print(6 * 7)'", python=absent), 60)
    assert row.status == "done" and row.runs_in.startswith("virtual environment, Python 3.")
    log = house.log(row.id).decode()
    assert "localhost/no-such-image:1 could not be pulled" in log and log.endswith("\n42\n")


def test_secrets_reach_the_container_and_not_the_engines_books(house, agent, engine):
    """podman keeps the values of --env in files that outlive the container."""
    value = "s3cr3t-f0r-c0nta1n3rs \\n 'quoted'\nsecond $line\n"
    house.keep_secret("IN_THE_BOX", value)
    job = house.submit(
        'printf "%s" "$IN_THE_BOX" > got; echo "$IN_THE_BOX"; read line || echo no more; '
        "echo up; while [ ! -e go ]; do sleep 0.1; done",
        image=IMAGE,
    )
    house.running(job, b"up")
    assert house.log(job) == b"***\n\nno more\nup\n"
    work = next(agent.home.glob("jobs/*/work"))
    assert (work / "got").read_text() == value
    assert not processes_with("s3cr3t-f0r")
    store = Path(podman(engine, "info", "--format", "{{.Store.GraphRoot}}").strip())
    books = [*store.glob("*.sql*"), *store.glob("libpod/*")]
    books += [*store.glob("overlay-containers/*/userdata/*")]
    assert books and not [path for path in books if b"s3cr3t-f0r" in _content(path)]
    (work / "go").touch()
    assert house.final(job, 60).status == "done"


def _content(path):
    return path.read_bytes() if path.is_file() else b""


def test_its_ports_are_published_under_their_own_numbers(house, agent, engine):
    job = house.submit("echo $JOB_PORT_0; sleep 600", image=IMAGE, ports=1)
    house.running(job, b"\n")
    (number,) = house.job(job).port_numbers
    assert house.log(job) == b"%d\n" % number
    names = podman(engine, "port", f"dstack-{job}-1")
    assert f"{number}/tcp -> 0.0.0.0:{number}" in names
    house.stop(job, abort=True)
    house.final(job)


def test_what_a_container_leaves_the_next_one_finds(house, agent):
    leave = "cd /workflow && busybox mkdir -m 700 out && echo left > out/a && "
    leave += "busybox chmod 600 out/a && busybox ln -s /etc/passwd out/b"
    about = {"image": IMAGE, "ask": Ask(cpu_milli=100)}
    one = JobSpec(leave, artifacts=("out",), **about)
    first, second = house.submit_all(one, JobSpec("cat out/a", depends_on=(0,), **about))
    assert house.final(second).status == "done", house.log(first) + house.log(second)
    assert house.log(second) == b"Inputs: 1 file in place.\nleft\n"
    assert b"out/b is a link that leads out of the job's folder" in house.log(first)
