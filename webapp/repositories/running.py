"""Running one command of git: no longer than so many seconds, no more than so many bytes."""

import os
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from git_access import sentence
from webapp.turnstile import standing_aside

# The limit is on every file that git writes, its output too, which goes to a file for that.
_LIMITED = 'ulimit -f "$1"; shift; exec "$@"'
_BLOCK = 512
_TOO_BIG = -signal.SIGXFSZ


class GitFailed(Exception):
    """One sentence, in git's words where it has some; `output` is all that it said."""

    def __init__(self, text: str, output: bytes = b"") -> None:
        super().__init__(text)
        self.output = output


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one command may use."""

    seconds: float = 20
    most_bytes: int = 16 * 1024 * 1024


def run(
    command: list[str],
    variables: Mapping[str, str],
    folder: Path,
    bounds: Bounds,
    text: bytes = b"",
) -> bytes:
    """What it printed; raises GitFailed. `text` is its input."""
    blocks = str(bounds.most_bytes // _BLOCK)
    with TemporaryFile() as given, TemporaryFile() as printed, TemporaryFile() as said:
        given.write(text)
        given.seek(0)
        try:
            process = subprocess.Popen(
                ["/bin/sh", "-c", _LIMITED, "sh", blocks, *command],
                cwd=folder,
                env=dict(variables),
                stdin=given,
                stdout=printed,
                stderr=said,
                start_new_session=True,
            )
        except OSError as error:
            raise GitFailed(f"{command[0]} cannot be run: {error.strerror}.") from None
        code = _wait(process, bounds)
        return _result(code, _content(printed), _content(said), command[0], bounds)


def _wait(process: subprocess.Popen, bounds: Bounds) -> int:
    try:
        with standing_aside():
            return process.wait(bounds.seconds)
    except subprocess.TimeoutExpired:
        raise GitFailed(f"There was no answer within {bounds.seconds:g} seconds.") from None
    finally:
        _end(process)


def _end(process: subprocess.Popen) -> None:
    """Nothing of it goes on, whether it ended by itself or not."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
    finally:
        process.wait()


def _result(code: int, printed: bytes, said: bytes, program: str, bounds: Bounds) -> bytes:
    if code == _TOO_BIG or (code and b"File too large" in said):
        raise GitFailed(f"It is more than {bounds.most_bytes // 1024 // 1024} MiB.", said)
    if code == 127 and b"not found" in said:
        raise GitFailed(f"{program} is not installed on the server.", said)
    if code:
        raise GitFailed(sentence(said or printed), said)
    return printed


def _content(file) -> bytes:
    file.seek(0)
    return file.read()
