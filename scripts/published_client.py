"""Install the published clients of the original system, whose API ours speaks: `python -m
scripts.published_client`. They run on Python 3.9 only; where there is none, that is said.

Each has a virtual environment of its own beside ours, made once.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

VERSIONS = ("0.0.4rc7", "0.0.4.2")  # the second one makes the later calls
ABSENT = (
    "There is no Python 3.9 here (as python3.9, below ~/.pyenv, or named by PYTHON39): the "
    "published client is not driven, the tests make its calls by hand."
)


def main() -> int:
    """0, also when there is no Python 3.9; pip's exit code when it fails."""
    if python39() is None:
        print(ABSENT)
        return 0
    for version in VERSIONS:
        try:
            client_python(version)
        except subprocess.CalledProcessError as error:
            print(error.stderr, file=sys.stderr)
            return error.returncode
    return 0


def python39() -> Path | None:
    """An interpreter that can run them."""
    found = [os.environ.get("PYTHON39"), shutil.which("python3.9")]
    found += sorted(Path.home().glob(".pyenv/versions/3.9.*/bin/python3.9"))
    for candidate in filter(None, found):
        # A shim of pyenv answers to the name of a version that is not switched on.
        check = [str(candidate), "-c", "import sys, venv; sys.exit(sys.version_info[:2] != (3, 9))"]
        if subprocess.run(check, capture_output=True, check=False).returncode == 0:
            return Path(candidate)
    return None


def client_python(version: str) -> Path | None:
    """The interpreter that has this version installed, at first by pip; None without Python 3.9.
    Raises CalledProcessError."""
    base = python39()
    if base is None:
        return None
    folder = Path(sys.prefix) / "published-clients" / version
    folder.parent.mkdir(exist_ok=True)
    with (folder.parent / f"{version}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests run in several processes
        if not (folder / "complete").exists():
            _install(base, folder, version)
    return folder / "bin" / "python"


def _install(base: Path, folder: Path, version: str) -> None:
    print(f"Installing the published client {version} (once)", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    _run(str(base), "-m", "venv", str(folder))
    pip = (str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet")
    _run(*pip, "--disable-pip-version-check", f"dstack=={version}")
    (folder / "complete").touch()


def _run(*words: str) -> None:
    # The constraints of our own environment are for another Python.
    kept = {name: text for name, text in os.environ.items() if name != "PIP_CONSTRAINT"}
    subprocess.run(words, env=kept, capture_output=True, text=True, check=True)


if __name__ == "__main__":
    sys.exit(main())
