"""Which column each box is in, and the way of each line through the columns between."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Needs = Mapping[str, Sequence[str]]  # box -> boxes to the left of it; no circles
Spot = str | tuple[str, str, int]  # a box, or where the line (from, to) passes that column


@dataclass(slots=True)
class Columns:
    """`stacks[i]` is what is in column i, from top to bottom; `lines` the spots of each line."""

    stacks: list[list[Spot]] = field(default_factory=list)
    lines: list[list[Spot]] = field(default_factory=list)


def in_columns(needs: Needs) -> Columns:
    """Boxes in the order given; a line that spans several columns gets a spot in each."""
    needs = without_detours(needs)
    column = _longest_way(needs)
    result = Columns([[] for _ in range(max(column.values(), default=-1) + 1)])
    for box in needs:
        result.stacks[column[box]].append(box)
    for box, left_of_it in needs.items():
        for left in left_of_it:
            between = range(column[left] + 1, column[box])
            bends: list[Spot] = [(left, box, at) for at in between]
            for at, bend in zip(between, bends, strict=True):
                result.stacks[at].append(bend)
            result.lines.append([left, *bends, box])
    return result


def without_detours(needs: Needs) -> dict[str, list[str]]:
    """Without the lines that say nothing new: what a needed box needs is needed anyway."""
    far: dict[str, set[str]] = {}  # everything to the left of a box, at any distance
    for box in _in_order(needs):
        far[box] = {one for near in needs[box] for one in (near, *far[near])}
    return {
        box: [near for near in near_ones if not any(near in far[other] for other in near_ones)]
        for box, near_ones in needs.items()
    }


def _longest_way(needs: Needs) -> dict[str, int]:
    column: dict[str, int] = {}
    for box in _in_order(needs):
        column[box] = max((column[near] + 1 for near in needs[box]), default=0)
    return column


def _in_order(needs: Needs) -> list[str]:
    """Every box after those that it needs."""
    done: dict[str, None] = {}
    waiting = list(needs)
    while waiting:
        ready = [box for box in waiting if all(near in done for near in needs[box])]
        if not ready:
            raise ValueError("boxes need one another in a circle")
        done.update(dict.fromkeys(ready))
        waiting = [box for box in waiting if box not in done]
    return list(done)
