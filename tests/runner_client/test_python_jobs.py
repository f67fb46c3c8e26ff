"""Jobs of the provider `python` on a machine without a container engine."""

import os
import sys
import time
import zipfile

import pytest

from runner_client import ending, outcome, pip, pythons
from runner_client.preparation import CannotRun
from tests.runner_client.test_execution import Bench

HERE = "{}.{}".format(*sys.version_info[:2])
SHOW = "python -c 'import sys; print(sys.prefix)'"


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path / "jobs")


def run(bench, commands, **needs):
    job = bench.job(commands, python={"image": "python:3", **needs})
    return bench.run_job(job), job.spool.read(0, 10**6).decode(), job


def test_it_runs_in_a_virtual_environment_of_its_own_and_needs_no_network(bench):
    became, printed, job = run(bench, SHOW, version=HERE)
    assert (became.outcome, became.exit_code) == ("exited", 0), became
    assert printed == f"{job.folder.path}/venv\n"
    assert job.runs_in == "virtual environment, Python " + sys.version.split()[0]


def test_any_python_will_do_when_none_is_named(bench):
    assert run(bench, SHOW)[0].exit_code == 0


def test_a_version_that_is_not_there_is_a_sentence_with_what_is(bench):
    became, printed, _ = run(bench, SHOW, version="3.99")
    assert became.outcome == "failed" and printed == ""
    assert became.reason.startswith("This machine has no Python 3.99 (it has ")
    assert became.reason.endswith("install it, or docker or podman.")


def test_a_longer_number_is_not_the_same_version():
    with pytest.raises(CannotRun):
        pythons.find(HERE + "9")
    assert pythons.find(HERE).version == sys.version.split()[0]


def wheel(folder):
    """A package of one module, as pip installs it without building anything."""
    path = folder / "greeting-1.0-py3-none-any.whl"
    about = "greeting-1.0.dist-info/"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("greeting.py", "WORDS = 'good morning'\n")
        file.writestr(about + "METADATA", "Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n")
        file.writestr(
            about + "WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        file.writestr(about + "RECORD", "")
    return path


def test_requirements_are_installed_with_pips_output_in_the_log(bench, tmp_path):
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(f"{wheel(tmp_path)}\n")
    job = bench.job(
        "python -c 'import greeting; print(greeting.WORDS)'; ls",
        python={"requirements": str(requirements)},
        working_dir="src",
        environment={"PIP_LOG": "pip.log"},
    )
    became, printed = bench.run_job(job), job.spool.read(0, 10**6).decode()
    assert became.exit_code == 0, printed
    assert "Successfully installed greeting-1.0" in printed
    assert printed.endswith("good morning\npip.log\n"), "pip has the job's variables and folder"


FAKE = """\
#!/bin/sh
case "$1 $2" in
"-c "*) echo 9.8.7 ;;
"-m venv") {venv} for place; do :; done; mkdir -p $place/bin; cp "$0" $place/bin/python ;;
"-m pip") echo "Collecting moonlight"; echo "ERROR: No match for moonlight"; exit 1 ;;
esac
"""


@pytest.fixture
def fake_python(tmp_path, monkeypatch):
    """A machine with a Python 9.8 of which one part does not work."""

    def make(venv=""):
        program = tmp_path / "python9.8"
        program.write_text(FAKE.format(venv=venv))
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    return make


def test_when_pip_fails_its_last_words_are_the_reason(bench, fake_python):
    fake_python()
    became, printed, _ = run(bench, "echo never", version="9.8", requirements="r.txt")
    assert became == outcome.failed("pip could not install r.txt: No match for moonlight")
    assert "Collecting moonlight" in printed and "never" not in printed


def test_a_python_that_cannot_make_one_says_what_to_install(bench, fake_python):
    fake_python(venv="echo 'ensurepip is not available.'; exit 1;")
    became, _, _ = run(bench, "echo never", version="9.8", requirements="r.txt")
    assert "Python 9.8.7 of this machine has no ensurepip" in became.reason
    assert "python3-venv" in became.reason


def test_a_stop_ends_the_preparation(bench):
    job = bench.job("echo never", python={"requirements": "requirements.txt"})
    job.control.ask(ending.stopped(time.monotonic(), 0.5))
    assert bench.run_job(job).outcome == "stopped"
    assert job.spool.total == 0


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        ("", "pip could not install r.txt: it gave no reason"),
        ("Collecting x\nno luck\n", "pip could not install r.txt: no luck"),
        (
            "ERROR: No match for x\n[notice] new pip\n",
            "pip could not install r.txt: No match for x",
        ),
    ],
)
def test_the_last_error_of_pip_counts_most(printed, reason):
    assert pip.failure("r.txt", printed) == reason
