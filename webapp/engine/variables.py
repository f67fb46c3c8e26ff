"""Variables of workflows: which value counts, and what they are called in the environment."""

import re
from collections.abc import Iterable, Mapping

_OTHER = re.compile(r"[^A-Z0-9_]")
# Every program of a job relies on these; a variable called `path` is about somebody's data.
RELIED_ON = frozenset({"HOME", "LD_LIBRARY_PATH", "LD_PRELOAD", "PATH", "PYTHONHOME"})


def in_environment(name: str) -> str:
    """`learning-rate` -> LEARNING_RATE."""
    return _OTHER.sub("_", name.upper())


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables as a job's environment has them."""
    return {in_environment(name): value for name, value in variables.items()}


def twins(names: Iterable[str]) -> tuple[str, str] | None:
    """Two names that would be one in the environment, such as `a-b` and `a_b`."""
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(in_environment(name), name)
        if other != name:
            return other, name
    return None
