"""How high each spot lies: near what it is joined to, in the order of its column, with room."""

from webapp.pages.graph.columns import Spot
from webapp.pages.graph.crossings import Joined

_SWEEPS = 4


def heights(
    stacks: list[list[Spot]], left: Joined, right: Joined, size: int, gap: int
) -> dict[Spot, float]:
    """The middle of each spot; boxes are `size` high, `gap` is between two spots."""
    high = {spot: size / 2 if isinstance(spot, str) else 0.0 for stack in stacks for spot in stack}
    middle: dict[Spot, float] = {}
    for stack in stacks:
        _place(stack, [0.0] * len(stack), high, gap, middle)
    for sweep in range(_SWEEPS):
        towards = left if sweep % 2 == 0 else right
        for stack in stacks if sweep % 2 == 0 else stacks[::-1]:
            wanted = [_wanted(spot, towards, middle) for spot in stack]
            _place(stack, wanted, high, gap, middle)
    top = min((middle[spot] - high[spot] for spot in middle), default=0.0)
    return {spot: at - top for spot, at in middle.items()}


def _wanted(spot: Spot, towards: Joined, middle: dict[Spot, float]) -> float:
    ends = [middle[other] for other in towards.get(spot, ())]
    return sum(ends) / len(ends) if ends else middle[spot]


def _place(
    stack: list[Spot],
    wanted: list[float],
    high: dict[Spot, float],
    gap: int,
    middle: dict[Spot, float],
) -> None:
    """As near to what is wanted as the order and the room allow (least squares)."""
    offsets, at = [], 0.0
    for before, spot in zip([None, *stack], stack, strict=False):
        at += high[before] + gap + high[spot] if before is not None else 0.0
        offsets.append(at)
    steps = _rising([want - offset for want, offset in zip(wanted, offsets, strict=True)])
    for spot, step, offset in zip(stack, steps, offsets, strict=True):
        middle[spot] = step + offset


def _rising(values: list[float]) -> list[float]:
    """The nearest values that never fall: neighbours that do are replaced by their mean."""
    pools: list[tuple[float, int]] = []
    for value in values:
        pools.append((value, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (last, many), (before, more) = pools.pop(), pools.pop()
            pools.append(((last * many + before * more) / (many + more), many + more))
    return [value for value, many in pools for _ in range(many)]
