"""Every script of sh is looked through by shellcheck, in `make check` or as it is rendered."""

import subprocess
import sys
from pathlib import Path

from git_access.askpass import Answers, script

ROOT = Path(__file__).resolve().parent.parent
SHELLCHECK = Path(sys.executable).with_name("shellcheck")
RENDERED = {"webapp/templates/install/installer.sh"}  # tests/install/test_runner.py
_FOLDERS = (".ci", "scripts", "aws_simulator", "webapp", "runner_client", "git_access", "examples")


def is_script(path):
    with path.open("rb") as file:
        first = file.readline(100)
    return path.suffix == ".sh" or (first.startswith(b"#!") and first.rstrip().endswith(b"sh"))


def test_make_check_names_all_of_them():
    (line,) = [x for x in (ROOT / "Makefile").read_text().splitlines() if "/shellcheck " in x]
    files = [path for name in _FOLDERS for path in (ROOT / name).rglob("*") if path.is_file()]
    found = {path.relative_to(ROOT).as_posix() for path in files if is_script(path)}
    assert found == set(line.split()[1:]) | RENDERED


def test_the_program_that_git_asks_has_no_fault():
    answers = Answers("/x y/user", "/x/secret", "/x/passphrase")
    text = script("https://example.org/it's/a", "me@host ", answers)
    done = subprocess.run(
        [str(SHELLCHECK), "-"], input=text, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
