"""Running one job, without any server."""

import errno
import os
import socket
import threading
import time

import pytest

from runner_client import disk, ending, job_spec
from runner_client.execution import Execution
from runner_client.folders import Folder
from runner_client.gpus import Allotment
from runner_client.job import Job
from runner_client.machine import Machine
from runner_client.ports import Ports
from runner_client.workplace import Workplace
from tests.agent_process import gone
from tests.waiting import eventually


def _no_server():
    raise AssertionError("this job calls no server")


class Bench:
    """A place for jobs; `run` gives a job's outcome and what it printed."""

    def __init__(self, folder, gpus=0):
        folder.mkdir()
        machine = Machine(None, [], None)
        self.place = Workplace(
            folder, "r", machine, Allotment(gpus), 0.5, 10**7, _no_server, Ports()
        )

    def job(self, commands, **more):
        spec = job_spec.parse(
            {"job": "0123456789ab", "attempt": 1, "commands": commands, "environment": {}, **more}
        )
        return Job(spec, Folder(self.place.jobs, spec.key.name), self.place.log_maximum)

    def run(self, commands, **more):
        job = self.job(commands, **more)
        return self.run_job(job), job.spool.read(0, 10**7)

    def run_job(self, job):
        return Execution(job, self.place, lambda: None, lambda: None).run()


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path / "jobs")


def test_both_outputs_are_one_stream_in_order(bench):
    became, printed = bench.run("echo 1; echo 2 >&2; echo 3; printf 4 > /dev/stderr")
    assert (became.outcome, became.exit_code, printed) == ("exited", 0, b"1\n2\n3\n4")


def test_a_job_that_closed_its_output_is_waited_for(bench):
    became, _ = bench.run("exec >/dev/null 2>&1; sleep 0.3; exit 7")
    assert became.exit_code == 7


def test_children_that_stay_silent_are_ended_after_a_while(bench, monkeypatch):
    monkeypatch.setattr("runner_client.following.SILENCE_SECONDS", 0.3)
    became, printed = bench.run("echo up; (sleep 4949.5; echo never) & exit 0")
    assert (became.exit_code, printed) == (0, b"up\n")
    gone("4949.5")


def test_a_daemon_that_holds_the_output_is_ended_too(bench, monkeypatch):
    monkeypatch.setattr("runner_client.following.SILENCE_SECONDS", 0.3)
    bench.run("setsid sleep 4950.5 & exit 0")
    gone("4950.5")


def test_a_working_dir_is_made_and_cannot_leave_the_folder(bench):
    assert bench.run("pwd", working_dir="a/b")[1].endswith(b"/work/a/b\n")
    for outside in ("../..", "/etc"):
        became, _ = bench.run("pwd", working_dir=outside)
        assert became.outcome == "failed" and "working_dir" in became.reason


def test_an_image_without_an_engine_is_a_sentence(bench):
    became, _ = bench.run("true", image="debian:12")
    assert became.outcome == "failed" and "no container engine" in became.reason


def test_a_command_that_is_too_long_is_a_sentence(bench):
    became, _ = bench.run("true " + "x" * 3_000_000)
    assert became.outcome == "failed" and "rgument list too long" in became.reason


def test_a_full_disk_is_named(bench, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    became, _ = bench.run("echo hello; sleep 4951.5")
    assert became.outcome == "failed"
    assert became.reason.endswith(f"no space is left on {disk.mount_point(bench.place.jobs)}.")
    gone("4951.5")


def test_a_job_that_was_stopped_before_it_began_never_begins(bench, tmp_path):
    job = bench.job(f"touch {tmp_path}/ran")
    job.control.ask(ending.stopped(time.monotonic(), 10))
    assert bench.run_job(job).outcome == "stopped"
    assert not (tmp_path / "ran").exists()


def test_a_job_that_ignores_sigterm_is_killed_after_the_grace(bench):
    job = bench.job("trap '' TERM; echo up; while :; do sleep 0.05; done")
    outcomes = []
    thread = threading.Thread(target=lambda: outcomes.append(bench.run_job(job)))
    thread.start()
    eventually(lambda: job.spool.total)
    job.control.ask(ending.stopped(time.monotonic(), 0.3))
    thread.join(10)
    assert (outcomes[0].outcome, outcomes[0].signal) == ("stopped", 9)


def test_a_timeout_ends_it(bench):
    became, _ = bench.run("sleep 600", timeout=0.2)
    assert became.outcome == "timeout" and "0.2 seconds" in became.reason


def test_an_interruption_warns_the_job_that_asked_for_it(bench):
    asked = {"DSTACK_INTERRUPTION_SIGNAL": "SIGUSR1"}
    commands = "trap 'echo saving; exit 0' USR1; echo up; while :; do sleep 0.05; done"
    job = bench.job(commands, environment=asked)
    outcomes = []
    thread = threading.Thread(target=lambda: outcomes.append(bench.run_job(job)))
    thread.start()
    eventually(lambda: job.spool.total)
    job.control.ask(ending.interrupted(time.monotonic(), time.monotonic() + 120))
    job.control.warn()
    thread.join(10)
    assert b"saving" in job.spool.read(0, 1000)
    assert outcomes[0].exit_code == 0


def test_gpus_are_allotted_hidden_and_given_back(tmp_path):
    bench = Bench(tmp_path / "jobs", gpus=2)
    show = 'echo "[$CUDA_VISIBLE_DEVICES]"'
    assert bench.run(show, resources={"gpus": 2})[1] == b"[0,1]\n"
    assert bench.run(show)[1] == b"[]\n"
    became, _ = bench.run(show, resources={"gpus": 3})
    assert became.outcome == "failed" and "2 free" in became.reason


def test_ports_are_free_told_and_given_back(bench):
    job = bench.job('echo "$JOB_PORT_0 $JOB_PORT_1 $JOB_PORT_2"', ports=2)
    bench.run_job(job)
    assert job.spool.read(0, 100).decode() == "{} {} \n".format(*job.ports)
    assert len(set(job.ports)) == 2, "and each of them is free"
    with socket.socket() as listener:
        listener.bind(("", job.ports[0]))
    again = bench.place.ports.take(1)
    bench.place.ports.give_back(again)


def test_no_two_jobs_get_the_same_port():
    ports = Ports()
    taken = [number for _ in range(50) for number in ports.take(4)]
    assert len(set(taken)) == 200


def test_two_hundred_megabytes_stay_on_the_disk_and_are_counted(bench):
    job = bench.job("head -c 200000000 /dev/zero")
    assert bench.run_job(job).exit_code == 0
    assert job.spool.total == 200_000_000
    assert job.spool.stored < 11_000_000


def test_a_job_that_needs_what_this_agent_does_not_know_fails_and_says_what_to_do(bench):
    became, printed = bench.run("echo never", needs=["moonlight"])
    assert (became.outcome, printed) == ("failed", b"")
    assert "knows no moonlight" in became.reason and "installer" in became.reason
