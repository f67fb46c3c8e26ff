"""What befalls a town: one thing after another, from one seed."""

import random
from collections import Counter

from tests.conftest import POSTGRES
from tests.storm.aws import Aws
from tests.storm.database import Postgres, Sqlite
from tests.storm.network import Network
from tests.storm.processes import Agents, Computers, Servers
from tests.storm.sky import Kinds
from tests.storm.town import Town

SKIES = (Servers, Agents, Computers, Network, Aws, Postgres if POSTGRES else Sqlite)


class Weather:
    """`happened` counts what it did."""

    def __init__(self, town: Town, seed: int, brief: bool = False) -> None:
        self._dice = random.Random(seed)
        self._skies = [each(town, self._dice, brief) for each in SKIES]
        self._kinds: Kinds = {}
        for sky in self._skies:
            self._kinds |= sky.kinds()
        self.happened: Counter[str] = Counter()

    def strike(self) -> None:
        """One thing happens."""
        (kind,) = self._dice.choices(tuple(self._kinds), tuple(self._kinds.values()))
        kind()
        self.happened[kind.__name__.replace("_", " ")] += 1

    def calm(self) -> None:
        """Nothing happens any more, and everybody is back."""
        for sky in self._skies:
            sky.clear_up()
