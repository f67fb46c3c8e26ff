"""What many simulations did: for people to read."""

from collections.abc import Iterator

from tests.simulation.judge.moves import MOVES
from tests.simulation.tally import Tally

NEVER_TAKEN: dict[tuple[str, str, str], str] = {  # move -> why hardly any storm takes it
    ("runner", "requested", "interrupted"): "the agent calls in within a second or two of EC2's "
    "notice, before the next tick ends the machine; tests/tasks/test_observe.py",
}


def lines(tally: Tally, stories: int, seconds: float) -> Iterator[str]:
    """Steps, faults, what was seen, and which moves were never made."""
    pace = tally.steps / max(seconds, 0.001)
    yield f"{stories} stories, {tally.steps} steps in {seconds:.0f} s ({pace:.0f} a second)"
    yield "faults: " + _counts(tally.faults)
    yield "seen: " + _counts(tally.seen)
    for table, moves in MOVES.items():
        taken = [key for key in moves if tally.moves[table, key[0].value, key[1].value]]
        yield f"{table}: {len(taken)} of {len(moves)} allowed moves were made"
    for table, old, new in untaken(tally):
        why = NEVER_TAKEN.get((table, old, new), "")
        yield f"  never: {table} {old} -> {new}" + (f" ({why})" if why else "")


def untaken(tally: Tally) -> list[tuple[str, str, str]]:
    """Allowed moves that were never made."""
    every = [(table, old.value, new.value) for table, moves in MOVES.items() for old, new in moves]
    return [each for each in every if not tally.moves[each]]


def unexplained(tally: Tally) -> list[tuple[str, str, str]]:
    """Those of them for which nobody has said why."""
    return [each for each in untaken(tally) if each not in NEVER_TAKEN]


def _counts(counter) -> str:  # type: ignore[no-untyped-def]
    return ", ".join(f"{name} {count}" for name, count in sorted(counter.items())) or "none"
