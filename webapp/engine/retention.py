"""Which runs lose what they left, by age and by size: for a preview and for the deed alike."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.engine.words import count

_DAY = 24 * 3600 * 1000
GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Rule:
    """What untagged runs leave goes `days` after their end, and the oldest first while more than
    `gib` is stored; None: never for that reason. `logs`: their logs go too."""

    days: int | None = None
    gib: int | None = None
    logs: bool = False

    @property
    def is_on(self) -> bool:
        """Whether it ever deletes anything."""
        return self.days is not None or self.gib is not None

    @property
    def words(self) -> str:
        """What it says, e.g. "artifacts and logs after 30 days, or beyond 100 GiB"."""
        parts = [f"after {count(self.days, 'day')}"] if self.days is not None else []
        parts += [f"beyond {self.gib} GiB"] if self.gib is not None else []
        what = "artifacts and logs" if self.logs else "artifacts"
        return f"{what} {', or '.join(parts)}" if parts else "nothing is deleted"


@dataclass(frozen=True, slots=True)
class Space:
    """A finished run: the contents that it refers to, the bytes of its logs. `spared`: it has a
    tag, or an unfinished run needs what it left."""

    run_id: int
    name: str
    finished_at: int
    blobs: frozenset[int]
    logs: int
    spared: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A run whose artifacts go now, how many bytes that frees, and why."""

    run_id: int
    name: str
    frees: int
    why: str


def due(
    rule: Rule, runs: Sequence[Space], sizes: Mapping[int, int], stored: int, now: int
) -> list[Due]:
    """`sizes` are those of blobs, `stored` the bytes of everything that the rule is about. A
    content that two runs refer to is freed with the second of them."""
    chosen = _Chosen(rule, runs, sizes)
    candidates = sorted((run for run in runs if not run.spared), key=lambda run: run.finished_at)
    for run in candidates:
        age = now - run.finished_at
        if rule.days is not None and age >= rule.days * _DAY and chosen.has_something(run):
            why = (
                f"It ended {count(age // _DAY, 'day')} ago; the rule is {count(rule.days, 'day')}."
            )
            chosen.take(run, why)
    if rule.gib is None:
        return chosen.due
    most = rule.gib * GIB
    for run in candidates:
        used = stored - chosen.freed
        if used <= most:
            break
        if run.run_id not in chosen.ids and chosen.frees(run):
            words = f"{used / GIB:.1f} GiB are stored, the rule is {rule.gib} GiB"
            chosen.take(run, f"{words}: the oldest goes first.")
    return chosen.due


class _Chosen:
    def __init__(self, rule: Rule, runs: Sequence[Space], sizes: Mapping[int, int]) -> None:
        self._rule, self._sizes = rule, sizes
        self._users = Counter(blob for run in runs for blob in run.blobs)
        self.due: list[Due] = []
        self.ids: set[int] = set()
        self.freed = 0

    def has_something(self, run: Space) -> bool:
        return bool(run.blobs or (self._rule.logs and run.logs))

    def frees(self, run: Space) -> int:
        alone = sum(self._sizes.get(b, 0) for b in run.blobs if self._users[b] == 1)
        return alone + (run.logs if self._rule.logs else 0)

    def take(self, run: Space, why: str) -> None:
        frees = self.frees(run)
        self._users.subtract(run.blobs)
        self.due.append(Due(run.run_id, run.name, frees, why))
        self.ids.add(run.run_id)
        self.freed += frees
