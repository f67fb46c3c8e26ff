import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from aws_simulator.machines.processes import has_ended
from tests.families import family
from tests.waiting import eventually

ROOT = Path(__file__).resolve().parents[2]
ENOUGH = 60


@pytest.fixture
def serve(tmp_path):
    """Start `flask --app wsgi serve` with these settings; ended with the test."""
    started = []

    def call(**settings):
        own = {"DATA_DIR": str(tmp_path / "data"), "PORT": "0", "DATABASE_URL": ""}
        command = [sys.executable, "-u", "-m", "flask", "--app", "wsgi", "serve"]
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **own, **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield call
    for process in started:
        process.kill()
        process.communicate(timeout=ENOUGH)


def first_lines(process, count):
    return [process.stdout.readline() for _ in range(count)]


def test_it_greets_serves_and_ends_on_a_signal(serve, tmp_path):
    process = serve()
    ready, setup = [line for line in first_lines(process, 3) if "http://" in line][:2]
    url = re.search(r"ready at (http://127\.0\.0\.1:\d+/)", ready)[1]
    assert f"(this link works once): {url}setup?token=" in setup
    assert urllib.request.urlopen(url + "healthz", timeout=ENOUGH).status == 200
    assert urllib.request.urlopen(url + "readyz", timeout=ENOUGH).status == 200
    limits = Path(f"/proc/{process.pid}/limits").read_text()
    assert re.search(r"Max core file size +0 ", limits), "its memory must not reach the disk"
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=ENOUGH)
    assert process.returncode == 0
    assert (tmp_path / "data" / "runners.db").exists()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"PORT": "many"}, "The setting PORT is wrong"),
        ({"ENCRYPTION_KEY": "short"}, "ENCRYPTION_KEY is not a Fernet key"),
    ],
)
def test_a_wrong_setting_is_one_sentence_and_no_stack_trace(serve, settings, says):
    process = serve(**settings)
    output, _ = process.communicate(timeout=ENOUGH)
    assert process.returncode != 0
    assert says in output
    assert "Traceback" not in output


def test_a_port_that_is_taken_is_one_sentence(serve):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = serve(PORT=str(taken.getsockname()[1]))
        output, _ = process.communicate(timeout=ENOUGH)
    assert process.returncode == 1
    assert "Not started: HOST and PORT: 127.0.0.1:" in output
    assert "Traceback" not in output


def test_a_database_that_may_only_be_read_is_said_in_one_sentence(serve, tmp_path):
    process = serve()
    first_lines(process, 2)
    process.kill()
    process.wait(ENOUGH)
    file = tmp_path / "data" / "runners.db"
    process = serve(DATABASE_URL=f"sqlite:///file:{file}?mode=ro&uri=true")
    output, _ = process.communicate(timeout=ENOUGH)
    assert (process.returncode, "Traceback" in output) == (1, False)
    assert "Not started: The database can only be read: let the server write to it" in output


@pytest.fixture
def processes(serve):
    """A server of three processes, with the one that makes the further ones: itself, the maker,
    and the two."""
    process = serve(PROCESSES="3")
    url = re.search(r"http://[^/]+/", first_lines(process, 2)[0])[0]
    eventually(lambda: len(family(process.pid)) == 4, what="all processes are there")
    return process, family(process.pid), url


def test_all_its_processes_end_on_a_signal(processes):
    process, everybody, _ = processes
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=ENOUGH)
    assert process.returncode == 0
    eventually(lambda: all(map(has_ended, everybody)), what="all of them have ended")


def test_it_may_be_told_to_stop_as_soon_as_it_has_greeted(serve):
    process = serve(PROCESSES="3")
    first_lines(process, 1)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=ENOUGH)
    assert process.returncode == 0


def test_all_its_processes_end_when_it_is_killed(processes):
    process, everybody, _ = processes
    process.kill()
    process.wait(ENOUGH)
    eventually(lambda: all(map(has_ended, everybody)), what="all of them have ended")


def test_a_process_that_was_killed_is_made_anew(processes):
    process, everybody, url = processes
    os.kill(everybody[-1], signal.SIGKILL)
    eventually(
        lambda: len(family(process.pid)) == 4 and has_ended(everybody[-1]), what="there is another"
    )
    for _ in range(20):
        assert urllib.request.urlopen(url + "healthz", timeout=ENOUGH).status == 200
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=ENOUGH)
    assert "ended (signal 9); another one begins" in output


@pytest.mark.parametrize("number", [2, 64])
def test_each_process_keeps_to_a_processor_of_its_own_if_there_are_enough(serve, number):
    process = serve(PROCESSES=str(number), THREADS="4")
    first_lines(process, 2)
    eventually(lambda: len(family(process.pid)) == number + 1, what="all processes are there")
    first, _, *further = family(process.pid)
    ours = os.sched_getaffinity(0)
    apart = number <= len(ours)

    def kept():
        return [os.sched_getaffinity(each) for each in (first, *further)]

    eventually(lambda: all(len(each) == 1 for each in kept()) == apart, what="they are kept")
    assert len(set().union(*kept())) == (number if apart else len(ours))


def test_with_one_process_there_is_no_other(serve):
    process = serve(PROCESSES="1")
    first_lines(process, 3)
    assert family(process.pid) == [process.pid]
