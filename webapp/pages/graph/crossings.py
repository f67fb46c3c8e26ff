"""The order within each column in which few lines cross: each spot goes to the middle of those it
is joined to, in sweeps to the right and to the left; the best order seen is kept."""

from bisect import bisect, insort
from collections import defaultdict
from itertools import pairwise

from webapp.pages.graph.columns import Columns, Spot

_SWEEPS = 6

Joined = dict[Spot, list[Spot]]


def untangled(columns: Columns) -> list[list[Spot]]:
    """Rows of each column; equal input gives equal output."""
    left, right = joined(columns)
    stacks = [list(column) for column in columns.stacks]
    best, fewest = stacks, crossings(stacks, right)
    for sweep in range(_SWEEPS):
        if fewest == 0:
            break
        stacks = _swept(stacks, left) if sweep % 2 == 0 else _swept(stacks[::-1], right)[::-1]
        number = crossings(stacks, right)
        if number < fewest:
            best, fewest = stacks, number
    return best


def joined(columns: Columns) -> tuple[Joined, Joined]:
    """For each spot: what it is joined to in the column to its left, and to its right."""
    left: Joined = defaultdict(list)
    right: Joined = defaultdict(list)
    for line in columns.lines:
        for one, other in pairwise(line):
            right[one].append(other)
            left[other].append(one)
    return left, right


def crossings(stacks: list[list[Spot]], right: Joined) -> int:
    """How often lines cross between neighbouring columns."""
    total = 0
    for column, following in pairwise(stacks):
        place = {spot: at for at, spot in enumerate(following)}
        ends: list[int] = []  # of the lines above
        for spot in column:
            mine = sorted(place[other] for other in right.get(spot, ()))
            total += sum(len(ends) - bisect(ends, end) for end in mine)
            for end in mine:
                insort(ends, end)
    return total


def _swept(stacks: list[list[Spot]], towards: Joined) -> list[list[Spot]]:
    done = [stacks[0]] if stacks else []
    for column in stacks[1:]:
        place = {spot: at for at, spot in enumerate(done[-1])}
        here = {spot: at for at, spot in enumerate(column)}

        def middle(spot: Spot, place: dict[Spot, int] = place, here: dict[Spot, int] = here):
            ends = [place[other] for other in towards.get(spot, ())]
            return sum(ends) / len(ends) if ends else here[spot]

        done.append(sorted(column, key=middle))
    return done
