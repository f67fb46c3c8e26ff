"""Commands that must not reach the host: they stand first in the PATH of a machine."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

POWER = ("shutdown", "poweroff", "halt", "reboot")
QUIET = ("apt-get", "apt", "dnf", "yum", "cloud-init", "loginctl", "timedatectl")
SHIM = Path(__file__).with_name("shim.py")


def write_shims(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*POWER, "systemctl"):
        words = [sys.executable, "-I", "-S", str(SHIM), name]
        _write(folder / name, f'exec {shlex.join(words)} "$@"\n')
    for name in QUIET:
        _write(folder / name, f'echo "[machine] {name} $*: not done in practice" >&2\n')
    return folder


def _write(path: Path, text: str) -> None:
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
