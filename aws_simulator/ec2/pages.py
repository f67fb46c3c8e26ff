"""MaxResults and NextToken: a page ends at a number, the next one begins after it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import TypeVar

from aws_simulator.ec2.errors import Refusal

Thing = TypeVar("Thing")
LARGEST = 1000


def page(
    things: Sequence[Thing],
    number: Callable[[Thing], int],
    max_results: int | None,
    token: str | None,
) -> tuple[list[Thing], str | None]:
    """One page of `things`, which are in the order of `number`, and the token of the next."""
    size, after = _size(max_results), _decoded(token)
    rest = [thing for thing in things if number(thing) > after]
    shown = rest[:size]
    return shown, _encoded(number(shown[-1])) if len(rest) > size else None


def page_of_stream(
    things: Iterable[Thing], max_results: int | None, token: str | None
) -> tuple[list[Thing], str | None]:
    """The same for things that are made one by one: no more are made than the page needs."""
    size, after = _size(max_results), _decoded(token)
    shown = list(islice(things, after + 1, after + size + 2))
    return shown[:size], _encoded(after + size) if len(shown) > size else None


def _size(max_results: int | None) -> int:
    if max_results is not None and not 5 <= max_results <= LARGEST:
        raise Refusal(
            "InvalidParameterValue",
            f"Value ( {max_results} ) for parameter maxResults is invalid. "
            f"Expecting a value between 5 and {LARGEST}.",
        )
    return max_results or LARGEST


def _encoded(number: int) -> str:
    return base64.urlsafe_b64encode(f"after-{number}".encode()).decode()


def _decoded(token: str | None) -> int:
    if not token:
        return -1
    try:
        return int(base64.urlsafe_b64decode(token).decode().removeprefix("after-"))
    except (ValueError, binascii.Error) as error:
        raise Refusal("InvalidNextToken", f"The token '{token}' is invalid") from error
