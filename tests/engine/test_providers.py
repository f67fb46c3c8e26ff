import subprocess

import pytest

from webapp.engine import providers
from webapp.engine.jobs import JobSpec, PythonSetup
from webapp.engine.resources import Ask

SHARED = JobSpec("", workflow_name="w", ask=Ask(cpu_milli=2000), artifacts=("kept",))


def test_docker_asks_for_a_container_engine():
    job = providers.docker(SHARED, "debian:12", ["echo a"])
    assert (job.commands, job.image) == ("echo a", "debian:12")
    assert job.ask == Ask(cpu_milli=2000, container=True)


def test_bash_asks_for_none():
    job = providers.bash(SHARED, ["a", "b"])
    assert job.commands.count("eval") == 2
    assert (job.image, job.ask.container, job.workflow_name) == (None, False, "w")


@pytest.mark.parametrize(
    ("script", "commands"),
    [
        ("train.py --epochs 3", "python train.py --epochs 3"),
        ('train.py --run "$RUN_NAME"', 'python train.py --run "$RUN_NAME"'),
        (["train.py", "a b", "$HOME", "3"], "python train.py 'a b' '$HOME' 3"),
    ],
)
def test_a_python_script_is_a_line_for_the_shell_or_words(script, commands):
    assert providers.python(SHARED, script, None, None).commands == commands


@pytest.mark.parametrize(("version", "image"), [(None, "python:3"), ("3.11", "python:3.11")])
def test_python_runs_on_machines_with_and_without_an_engine(version, image):
    job = providers.python(SHARED, "a.py", version, "r.txt")
    assert job.python == PythonSetup(version, "r.txt", image)
    assert (job.image, job.ask.container) == (None, False)


class Shell:
    """Runs the commands of a job where `curl` prints its arguments."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "bin").mkdir()
        for tool in ("mkdir", "sh"):
            (folder / "bin" / tool).symlink_to(f"/bin/{tool}")
        self.curl = folder / "bin/curl"
        self.curl.write_text('#!/bin/sh\nfor word; do echo "[$word]"; done\n')
        self.curl.chmod(0o755)

    def run(self, job):
        words = ["/bin/sh", "-c", job.commands]
        return subprocess.run(
            words,
            cwd=self.folder,
            env={"PATH": f"{self.folder}/bin"},
            capture_output=True,
            text=True,
        )


@pytest.fixture
def shell(tmp_path):
    return Shell(tmp_path)


@pytest.mark.parametrize("output", ["data.csv", "-v", "it's $(touch ran); `touch ran`", "a/b c/d"])
def test_curl_gets_what_was_written_word_for_word(shell, output):
    url = "https://example.org/$(touch${IFS}ran)?a=1&b='2';c"
    done = shell.run(providers.curl(SHARED, url, output))
    assert done.stdout.splitlines() == ["[-fsSL]", f"[-o{output}]", "[--url]", f"[{url}]"]
    assert not (shell.folder / "ran").exists()
    assert (shell.folder / output).parent.is_dir()


def test_a_machine_without_curl_says_so(shell):
    shell.curl.unlink()
    done = shell.run(providers.curl(SHARED, "https://example.org/x", "x"))
    assert (done.returncode, done.stdout) == (127, "")
    assert "This machine has no curl." in done.stderr


def test_the_file_is_the_artifact_when_none_is_named():
    assert providers.curl(SHARED, "https://example.org/x", "x").artifacts == ("kept",)
    assert providers.curl(JobSpec(""), "https://example.org/x", "a/x").artifacts == ("a/x",)
    below = providers.curl(JobSpec("", working_dir="src/"), "https://example.org/x", "x")
    assert below.artifacts == ("src/x",)
