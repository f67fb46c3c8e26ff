"""What is wrong with a workflow file, for a person to put right."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right. `line` counts from 1; `where` is such as `workflows[0].name`, empty
    when it is about the file as a whole."""

    line: int | None
    where: str
    sentence: str

    def __str__(self) -> str:
        place = ", ".join([f"line {self.line}"] * bool(self.line) + [self.where] * bool(self.where))
        return f"{place}: {self.sentence}" if place else self.sentence

    def as_dict(self) -> dict[str, object]:
        """For an answer in JSON."""
        return asdict(self)


class WorkflowErrors(Exception):
    """The file cannot be used; `problems` holds all that was found, in the order of the lines."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.line or 0)
        super().__init__("; ".join(map(str, self.problems)))
