"""The agent as one file: a zip that Python runs, the same bytes for the same sources."""

import hashlib
import io
import zipfile
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

NAME = "dstack-runner.pyz"
_PACKAGES = ("git_access", "runner_client")
_FIRST_LINE = b"#!/usr/bin/env python3\n"
_MAIN = b"import sys\n\nfrom runner_client.cli import main\n\nsys.exit(main(sys.argv[1:]))\n"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


class Archive(NamedTuple):
    """The file and its SHA-256 in hexadecimal digits."""

    content: bytes
    digest: str


def archive() -> Archive:
    """The agent of this checkout; built again only when a source changed."""
    return _built(tuple(file for name in _PACKAGES for file in _sources(_package(name))))


def _package(name: str) -> Path:
    # Found, not imported: the agent's code never runs inside the server.
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(f"The package {name} is not installed beside webapp.")
    return Path(spec.submodule_search_locations[0])


def _sources(package: Path) -> list[tuple[str, bytes]]:
    paths = sorted(package.rglob("*.py"))
    return [(str(path.relative_to(package.parent)), path.read_bytes()) for path in paths]


@lru_cache(maxsize=2)
def _built(sources: tuple[tuple[str, bytes], ...]) -> Archive:
    content = build((("__main__.py", _MAIN), *sources))
    return Archive(content, hashlib.sha256(content).hexdigest())


def build(files: tuple[tuple[str, bytes], ...]) -> bytes:
    """A zip application of (path, content). Not compressed: that differs between versions of zlib,
    and two servers behind one address have to give out the same digest.
    """
    target = io.BytesIO()
    target.write(_FIRST_LINE)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_STORED) as bundle:
        for path, content in files:
            entry = zipfile.ZipInfo(path, _LONG_AGO)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            bundle.writestr(entry, content)
    return target.getvalue()
