"""The network between agents and servers."""

from collections.abc import Sequence

from tests.storm.proxy import FAULTS
from tests.storm.sky import Kinds, Sky

USUAL = 0.05  # of all calls meet a fault, even in fair weather


class Network(Sky):
    def kinds(self) -> Kinds:
        return {self.bad_network: 3, self.cut_the_network: 1, self.half_open_network: 1}

    def bad_network(self) -> None:
        self._for(self.dice.uniform(1, 3), self.dice.uniform(0.1, 0.4), FAULTS)

    def cut_the_network(self) -> None:
        """Nobody reaches anybody, also for longer than a lease."""
        self._for(self.dice.uniform(1, 3 if self.brief else 8), 1.0, ("cut",))

    def half_open_network(self) -> None:
        """Connections are made, and then there is silence."""
        self._for(self.dice.uniform(1, 3), 1.0, ("silence",))

    def _for(self, seconds: float, share: float, faults: Sequence[str]) -> None:
        self.town.proxy.weather(share, faults)
        self.later(seconds, lambda: self.town.proxy.weather(USUAL, FAULTS))
