"""A deliberate bug: what is changed in the source, and who should notice."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Patch:
    """`old` occurs exactly once in `file`."""

    file: str
    old: str
    new: str

    def problem(self, root: Path = ROOT) -> str:
        """Why it cannot be applied; empty when it can."""
        count = (root / self.file).read_text(encoding="utf-8").count(self.old)
        return "" if count == 1 else f"{self.file}: {self.old.strip()[:50]!r} is there {count} ×"

    def apply(self, root: Path) -> None:
        """Change a copy of the source."""
        path = root / self.file
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(self.old, self.new), encoding="utf-8")


@dataclass(frozen=True)
class Mutant:
    """`rule`: the one of field-rules.md, or a promise. `tests`: those that have to notice; when
    none are named, a storm has to."""

    name: str
    rule: str
    patches: tuple[Patch, ...]
    tests: tuple[str, ...] = ()


def bug(name: str, rule: str, file: str, old: str, new: str, *tests: str) -> Mutant:
    """The usual one: a single change."""
    return Mutant(name, rule, (Patch(file, old, new),), tests)
