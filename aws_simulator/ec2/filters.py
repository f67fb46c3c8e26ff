"""EC2 filters: every filter must match, one of its values suffices, * and ? are wild."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from aws_simulator.ec2.errors import Refusal

Thing = TypeVar("Thing")
Readers = Mapping[str, Callable[[Any], Any]]


@lru_cache(maxsize=512)
def _pattern(value: str) -> re.Pattern[str]:
    wild = {"*": ".*", "?": "."}
    return re.compile("".join(wild.get(char, re.escape(char)) for char in value), re.DOTALL)


def _texts(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, (list, tuple, set)):
        return [text for each in value for text in _texts(each)]
    return [str(value).lower() if isinstance(value, bool) else str(value)]


def _matches(value: Any, wanted: Iterable[str]) -> bool:
    texts = _texts(value)
    return any(_pattern(each).fullmatch(text) for each in wanted for text in texts)


def chosen(
    things: Iterable[Thing],
    filters: Mapping[str, list[str]],
    readers: Readers,
    tags_of: Callable[[Thing], Mapping[str, str]] | None = None,
) -> list[Thing]:
    """Things that match; an unknown filter is `InvalidParameterValue`, as in EC2."""
    tests = [(_reader(name, readers, tags_of), values) for name, values in filters.items()]
    return [
        thing for thing in things if all(_matches(read(thing), values) for read, values in tests)
    ]


def _reader(name: str, readers: Readers, tags_of: Any) -> Callable[[Any], Any]:
    if name in readers:
        return readers[name]
    if tags_of is not None and name == "tag-key":
        return lambda thing: list(tags_of(thing))
    if tags_of is not None and name.startswith("tag:"):
        return lambda thing: tags_of(thing).get(name[4:])
    raise Refusal("InvalidParameterValue", f"The filter '{name}' is invalid")
