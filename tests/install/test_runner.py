"""GET /runner, and what its script does to a machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.people import token
from webapp.install.archive import archive

SHELLCHECK = Path(sys.executable).with_name("shellcheck")


@pytest.fixture
def install(live_server, tmp_path):
    """Runs the installer of the live server into a folder; `variables` go into its environment."""
    script = tmp_path / "get-dstack-runner.sh"
    script.write_bytes(live_server.app.test_client().get("/runner", base_url=live_server.url).data)

    def run(**variables):
        base = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PREFIX": str(tmp_path / "p q")}
        return subprocess.run(
            ["sh", str(script)],
            env={**base, **variables},
            capture_output=True,
            text=True,
            timeout=60,
        )

    run.script = script
    return run


def test_the_script_has_no_fault_that_shellcheck_finds(install):
    done = subprocess.run([str(SHELLCHECK), str(install.script)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_it_installs_prints_the_next_step_and_the_seeds_lines_work(install, live_server, tmp_path):
    done = install()
    assert done.returncode == 0, done.stderr
    assert "config --token <token>" in done.stdout
    command = tmp_path / "p q" / "bin" / "dstack-runner"
    with live_server.app.app_context():
        secret = token()
    own = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    words = [str(command), "config", "--token", secret]
    done = subprocess.run(words, env=own, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert live_server.url in (tmp_path / ".dstack" / "runner.yaml").read_text()


def test_a_second_run_upgrades_in_place(install):
    install()
    done = install()
    assert done.returncode == 0 and "Upgraded dstack-runner 0.1.0" in done.stdout


def test_the_unit_starts_it_as_the_user_who_typed_sudo(install, tmp_path):
    install(SUDO_USER="otto")
    unit = next((tmp_path / "p q").rglob("dstack-runner.service")).read_text()
    assert f'ExecStart="{tmp_path}/p q/bin/dstack-runner" start' in unit
    if os.geteuid() == 0:
        assert "\nUser=otto\n" in unit


def test_a_file_that_was_changed_on_the_way_is_refused_and_leaves_nothing(install, tmp_path):
    bad = tmp_path / "bin"
    bad.mkdir()
    curl = bad / "curl"
    curl.write_text('#!/bin/sh\nfor last; do :; done\necho "$*" > "$last"\n')
    curl.chmod(0o755)
    done = install(PATH=f"{bad}:{os.environ['PATH']}")
    assert done.returncode == 1 and "SHA-256" in done.stderr
    assert not (tmp_path / "p q" / "bin" / "dstack-runner").exists()


def test_without_python_it_says_how_to_get_one(install, tmp_path):
    bare = tmp_path / "bare"
    bare.mkdir()
    for tool in ("sh", "id", "mkdir", "printf"):
        (bare / tool).symlink_to(f"/bin/{tool}" if tool != "printf" else "/usr/bin/printf")
    done = install(PATH=str(bare))
    assert done.returncode == 1 and "Python 3.8 or later" in done.stderr


def test_an_address_cannot_smuggle_commands_into_the_script(app):
    answer = app.test_client().get("/runner", headers={"Host": "a$(touch${IFS}x)b"})
    assert b"SERVER=http://a$(" not in answer.data


def test_the_agent_and_its_digest_belong_together(app):
    client = app.test_client()
    assert client.get("/runner/dstack-runner.pyz").data == archive().content
    line = client.get("/runner/dstack-runner.pyz.sha256").text
    assert line == f"{archive().digest}  dstack-runner.pyz\n"
