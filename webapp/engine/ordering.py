"""In which order things run that need one another."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Cycle(Exception, Generic[Thing]):
    """Things that need one another in a circle; the first one is the last one again."""

    def __init__(self, names: list[Thing]) -> None:
        super().__init__(" -> ".join(map(str, names)))
        self.names = names


def ordered(
    first: Thing, needs: Callable[[Thing], Iterable[Thing]], done: dict[Thing, None]
) -> None:
    """Add `first` and everything it needs to `done`, each once, what is needed before what needs
    it. Raises Cycle. As deep as the longest chain."""
    _visit(first, needs, [], done)


def _visit(
    one: Thing,
    needs: Callable[[Thing], Iterable[Thing]],
    path: list[Thing],
    done: dict[Thing, None],
) -> None:
    if one in done:
        return
    if one in path:
        raise Cycle([*path[path.index(one) :], one])
    for needed in needs(one):
        _visit(needed, needs, [*path, one], done)
    done[one] = None
