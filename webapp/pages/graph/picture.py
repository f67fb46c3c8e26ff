"""Places in pixels: boxes, and lines between them as SVG writes paths."""

from dataclasses import dataclass

from webapp.pages.graph.columns import Needs, Spot, in_columns
from webapp.pages.graph.crossings import joined, untangled
from webapp.pages.graph.heights import heights

WIDTH, HEIGHT = 190, 54  # of a box
_ASIDE, _BELOW, _EDGE = 46, 16, 8  # between columns, between boxes of one, around everything


@dataclass(frozen=True, slots=True)
class Box:
    """Its upper left corner."""

    name: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Picture:
    """`lines` are the `d` of paths."""

    width: int
    height: int
    boxes: list[Box]
    lines: list[str]


def picture(needs: Needs) -> Picture:
    """Boxes in the order of reading: column by column, from top to bottom."""
    columns = in_columns(needs)
    left, right = joined(columns)
    stacks = untangled(columns)
    middle = heights(stacks, left, right, HEIGHT, _BELOW)
    places: dict[Spot, tuple[int, int]] = {
        spot: (_EDGE + at * (WIDTH + _ASIDE), _EDGE + round(middle[spot]))
        for at, stack in enumerate(stacks)
        for spot in stack
    }
    boxes = [Box(s, x, y - HEIGHT // 2) for s, (x, y) in places.items() if isinstance(s, str)]
    lines = [_path([places[spot] for spot in line]) for line in columns.lines]
    width = max((box.x + WIDTH for box in boxes), default=0) + _EDGE
    lowest = [box.y + HEIGHT for box in boxes] + [y for _, y in places.values()]
    return Picture(width, max(lowest, default=0) + _EDGE, boxes, lines)


def _path(spots: list[tuple[int, int]]) -> str:
    """From the right side of the first box to the left side of the last one, straight through
    the columns between and in a curve from one column to the next."""
    x, y = spots[0][0] + WIDTH, spots[0][1]
    parts = [f"M{x} {y}"]
    for to_x, to_y in spots[1:]:
        half = (x + to_x) // 2
        parts.append(f"C{half} {y} {half} {to_y} {to_x} {to_y}")
        x, y = to_x, to_y
        if (to_x, to_y) != spots[-1]:
            x += WIDTH
            parts.append(f"H{x}")
    return "".join(parts)
