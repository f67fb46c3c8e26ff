"""Which machine this is: a digest of what stays the same until the machine is another one."""

from __future__ import annotations

import contextlib
import importlib
from pathlib import Path
from typing import Any

from runner_client.home import Home, write_private

# Network cards are left out: they come and go with a dock, and a laptop is not a clone then.
# The asset tag is the instance id on EC2, so that an image of a machine is another machine.
_SOURCES = ("etc/machine-id", "var/lib/dbus/machine-id")
_INSTANCE = "sys/class/dmi/id/board_asset_tag"


def machine_id(home: Home, root: Path = Path("/")) -> str:
    """64 hexadecimal digits; the parts never leave the machine. Raises OSError."""
    parts = ["dstack-runner", _system_id(root) or _own_id(home)]
    instance = _text(root / _INSTANCE)
    if instance.startswith("i-"):
        parts.append(instance)
    return _sha256("\n".join(parts).encode()).hexdigest()


def _sha256(data: bytes) -> Any:
    """SHA-256 without OpenSSL, which `hashlib` loads: 3.5 MiB of the 20 an idle agent may use."""
    for module in ("_sha2", "_sha256", "hashlib"):  # Python 3.12 on, 3.8 to 3.11, any other
        with contextlib.suppress(ImportError):  # the next one is there then
            return importlib.import_module(module).sha256(data)
    raise AssertionError("no Python without hashlib")


def _system_id(root: Path) -> str:
    for source in _SOURCES:
        text = _text(root / source)
        if text and text != "uninitialized":
            return text
    return ""


def _own_id(home: Home) -> str:
    """For machines without an id of their own, as containers are."""
    path = home.root / "machine-id"
    text = _text(path)
    if not text:
        import uuid

        text = uuid.uuid4().hex
        write_private(path, text + "\n")
    return text


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:  # missing, or not ours to read: another source decides
        return ""
