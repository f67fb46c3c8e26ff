"""What a workflow file comes to."""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.engine.jobs import JobSpec


class UnknownWorkflow(Exception):
    """The file has no workflow of that name, or several and none was named; says which."""


@dataclass(frozen=True, slots=True)
class Workflow:
    """`name` may be None in a file of a single workflow."""

    name: str | None
    specs: tuple[JobSpec, ...]

    def jobs(self) -> list[JobSpec]:
        """What there is to run, in order."""
        return list(self.specs)


@dataclass(frozen=True, slots=True)
class Workflows:
    """The workflows of one file, in its order."""

    items: Sequence[Workflow]

    @property
    def names(self) -> list[str | None]:
        """Their names, in the order of the file."""
        return [workflow.name for workflow in self.items]

    def pick(self, name: str | None) -> Workflow:
        """The one of that name, or the only one; raises UnknownWorkflow with a sentence."""
        if name is None and len(self.items) == 1:
            return self.items[0]
        for workflow in self.items:
            if name is not None and workflow.name == name:
                return workflow
        known = ", ".join(text for text in self.names if text) or "one without a name"
        if name is None:
            raise UnknownWorkflow(f"Say which workflow to run; the file has {known}.")
        raise UnknownWorkflow(f"There is no workflow {name[:60]} in the file; it has {known}.")
