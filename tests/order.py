"""In which order the files of tests run: those that mostly wait stand between those that compute.

With several workers, one then waits for a machine to boot while another has the processor. The
last files are quick ones: no worker has a long one left when the others are done.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest

_ROOT = Path(__file__).parent
_WAITING = ("e2e", "storm", "browser", "runner_client", "aws_simulator", "test_benchmarks.py")
_LAST = 0.75  # share of all the others after which none of these comes


def spread(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The same tests; the order within a file stays."""
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    waiting = [path for path in files if path.relative_to(_ROOT).parts[0] in _WAITING]
    others = [path for path in files if path not in set(waiting)]
    placed = [*_evenly(waiting, _LAST), *_evenly(others)]
    return [item for _, path in sorted(placed) for item in files[path]]


def _evenly(paths: list[Path], last: float = 1) -> list[tuple[float, Path]]:
    return [((index + 0.5) / len(paths) * last, path) for index, path in enumerate(paths)]
