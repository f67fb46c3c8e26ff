"""Never more than a limit, and never a machine that the books have forgotten.

A new machine or request may not make more of its kind exist than the highest maximum between the
reservation of its slot and now: lowering leaves a surplus, but nothing new may come into it.
"""

import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.simulation.aws.region import Region
from tests.simulation.aws.things import Thing
from tests.simulation.judge.books import Books

Kind = tuple[str, str, str]  # region, instance type, purchase type

_IN_FORCE = """
SELECT region, instance_type, purchase_type, maximum FROM "limit"
WHERE enabled AND (SELECT enabled FROM aws_account)
"""


@dataclass
class Ceilings:
    """`reserved`: token -> when its slot was taken; `closed`: tokens of terminated rows;
    `restored`: of rows that came back with a backup; `forgotten`: of rows that did not."""

    books: Books
    reserved: dict[str, int] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    restored: set[str] = field(default_factory=set)
    forgotten: set[str] = field(default_factory=set)
    _history: dict[Kind, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    _order: int = 0

    def look(self) -> None:
        """Note what is in force now."""
        rows = self.books.rows(_IN_FORCE)
        now = {(row[0], row[1], row[2]): row[3] for row in rows}
        self._order += 1
        for kind in [*self._history, *(each for each in now if each not in self._history)]:
            maximum = now.get(kind, 0)
            past = self._history[kind]
            if not past or past[-1][1] != maximum:
                past.append((self._order, maximum))

    def reserve(self, token: str) -> None:
        """A row was made."""
        self.reserved[token] = self._order

    def restore(self, regions: Iterable[Region]) -> None:
        """The books are those of a backup: they cannot know what has been made since."""
        rows = self.books.rows("SELECT id, status FROM instance")
        self.restored = {row["id"] for row in rows}
        self.closed = {row["id"] for row in rows if row["status"] == "terminated"}
        self.forgotten |= self.reserved.keys() - self.restored
        for region in regions:
            for thing in region.things.values():
                thing.ours = thing.ours and thing.token not in self.forgotten

    def came(self, region: Region, thing: Thing) -> Iterator[str]:
        """A machine or request has come into existence by a call of ours."""
        kind = (region.name, thing.instance_type, thing.purchase_type)
        if thing.token in self.forgotten:
            thing.ours = False
            return
        if thing.token not in self.reserved:
            yield f"{thing.id} was made without a row (token {thing.token or 'none'})"
            return
        if thing.token in self.closed:
            yield f"{thing.id} came after its row {thing.token} was closed"
        here = region.counts()[kind[1:]]
        most = self._highest(kind, self.reserved[thing.token])
        if here > most:
            yield f"{here} of {'/'.join(kind)} exist, and the maximum is {most}"

    def in_force(self, kind: Kind) -> int:
        """Its maximum now."""
        return self._history[kind][-1][1] if self._history[kind] else 0

    def _highest(self, kind: Kind, since: int) -> int:
        past = self._history[kind]
        first = max(0, bisect.bisect_right(past, (since, 1 << 60)) - 1)
        return max((maximum for _, maximum in past[first:]), default=0)
