"""All chance of a simulation comes from its seed.

What one thing draws is found by its name, not by its turn: when a script is shortened, everything
that is left in it still behaves as it did.
"""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager


class Chance:
    """Draws by name."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def of(self, *name: object) -> random.Random:
        """A source of its own for this name."""
        return random.Random(f"{self._seed}:{name}")

    def between(self, low: float, high: float, *name: object) -> float:
        """A number for this name."""
        return self.of(*name).uniform(low, high)


@contextmanager
def seeded_system(seed: int) -> Iterator[None]:
    """Ids, tokens and keys of the server and of agents come from the seed too."""
    source = random.Random(f"system:{seed}")
    before = os.urandom, random._urandom  # type: ignore[attr-defined]
    os.urandom = random._urandom = source.randbytes  # type: ignore[attr-defined, assignment]
    try:
        yield
    finally:
        os.urandom, random._urandom = before  # type: ignore[attr-defined]
