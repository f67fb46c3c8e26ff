"""What is wrong with a workflow file, for a person to put right."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

WORKFLOWS = "workflows.yaml"
VARIABLES = "variables.yaml"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right. `line` counts from 1; `where` is such as `workflows[0].name`, empty
    when it is about the file as a whole. `file` None: it is about what was typed at submission."""

    line: int | None
    where: str
    sentence: str
    file: str | None = WORKFLOWS

    def __str__(self) -> str:
        parts = [self.file, f"line {self.line}" if self.line else None, self.where or None]
        return f"{', '.join(filter(None, parts))}: {self.sentence}"

    def as_dict(self) -> dict[str, object]:
        """For an answer in JSON."""
        return asdict(self)


class WorkflowErrors(Exception):
    """The file cannot be used; `problems` holds all that was found, by file and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(
            problems, key=lambda problem: (problem.file != WORKFLOWS, problem.line or 0)
        )
        super().__init__(" ".join(map(str, self.problems)))
