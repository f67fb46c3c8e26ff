"""Run a command with a throw-away PostgreSQL: `python -m scripts.with_postgres COMMAND…`.

The command finds it in TEST_POSTGRES_URL, and its files in TEST_POSTGRES_DATA (`restart`). Needs
the server's programs (Debian: postgresql); as root the server runs as the user postgres, because it
refuses to run as root.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# A commit is handed to the kernel, not to the disk: it outlives the server, not the computer.
_FAST = "-c fsync=off -c full_page_writes=off -c max_connections=200"


def main() -> int:
    """The exit code of the command; 1 when PostgreSQL is not installed."""
    programs = _programs()
    if programs is None:
        print(
            "PostgreSQL was not found. Debian, Ubuntu: apt-get install postgresql", file=sys.stderr
        )
        return 1
    with throw_away_server(programs) as (url, data):
        environment = {**os.environ, "TEST_POSTGRES_URL": url, "TEST_POSTGRES_DATA": data}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


@contextmanager
def throw_away_server(programs: Path) -> Iterator[tuple[str, str]]:
    """URL and data directory of a server that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="runners-postgres-") as folder:
        # initdb and the server belong to another user when we are root
        Path(folder).chmod(0o755)
        data, port = f"{folder}/data", _free_port()
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        as_owner = _as_owner()
        _quietly([*as_owner, f"{programs}/initdb", "-D", data, *_INITDB])
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 {_FAST}"
        control = [*as_owner, f"{programs}/pg_ctl", "-D", data, "-w"]
        _quietly([*control, "-l", f"{folder}/log", "-o", options, "start"])
        try:
            yield f"postgresql+psycopg://app@127.0.0.1:{port}/postgres", data
        finally:
            _quietly([*control, "-m", "immediate", "stop"])


_INITDB = ("-A", "trust", "-U", "app", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")


def _programs() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return versions[-1].parent if versions else None


def restart(data: str, mode: str) -> None:
    """Stop the server with these files and start it as it was. `mode`: fast (connections are cut,
    the files are closed) or immediate (as if it had died)."""
    control = [*_as_owner(), f"{_programs()}/pg_ctl", "-D", data, "-w"]
    _quietly([*control, "-m", mode, "-l", f"{data}.log", "restart"])


def _as_owner() -> list[str]:
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


def _quietly(command: list[str]) -> None:
    # Output goes to a file: the server keeps a pipe open for as long as it lives.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            command, stdout=output, stderr=subprocess.STDOUT, cwd="/", check=False
        )
        if done.returncode:
            output.seek(0)
            raise SystemExit(f"{command[0]} failed:\n{output.read().decode()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
