"""`python -m scripts.check_pins`: is everything that others made exactly what we say it is?

Every distribution of this environment has its version in constraints.txt; every vendored script has
the digest of vendor/SHA256SUMS, which is the one its makers published. Needs no network; whether a
pinned version has known holes `pip-audit -r constraints.txt` tells, which does.
"""

import hashlib
import re
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "webapp" / "static" / "vendor"
_PIN = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([A-Za-z0-9.!+]+)")
# Ours; and what every new virtual environment begins with (setuptools' pin is for building).
_EXEMPT = {"dstack-runners", "pip", "setuptools"}


def main() -> int:
    """1 when something is not as it is said to be."""
    installed = {each.name: each.version for each in distributions()}
    wrong = list(wrong_pins((ROOT / "constraints.txt").read_text(), installed))
    wrong += wrong_digests(VENDOR)
    print("\n".join(wrong) or f"{len(installed)} distributions are pinned.")
    return 1 if wrong else 0


def wrong_pins(constraints: str, installed: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each fault of the text of constraints."""
    pins = {}
    for line in filter(None, constraints.splitlines()):
        pin = _PIN.fullmatch(line)
        if pin:
            pins[_plain(pin[1])] = pin[2]
        else:
            yield f"constraints.txt: {line!r} does not pin one version: write name==version."
    found = {_plain(name): version for name, version in installed.items()}
    for name, version in sorted(found.items()):
        if name not in _EXEMPT and pins.get(name) != version:
            pinned = f"pinned to {pins[name]}" if name in pins else "not pinned"
            yield f"{name} {version} is installed and {pinned} in constraints.txt."


def wrong_digests(folder: Path) -> Iterator[str]:
    """A sentence for each script that is not the one of SHA256SUMS."""
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    said = {name: digest for digest, name in (line.split() for line in lines)}
    there = {path.name: hashlib.sha256(path.read_bytes()) for path in folder.glob("*.js")}
    for name in sorted(said.keys() | there.keys()):
        if name not in there or there[name].hexdigest() != said.get(name):
            yield f"{folder.name}/{name} is not what SHA256SUMS says."


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main())
