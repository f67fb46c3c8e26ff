"""What a workflow file comes to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.engine.jobs import JobSpec
from webapp.workflow_files.book import Book
from webapp.workflow_files.graph import mentioned
from webapp.workflow_files.making import jobs_of
from webapp.workflow_files.variables import Variable


class UnknownWorkflow(Exception):
    """The file has no workflow of that name, or several and none was named; says which."""


@dataclass(frozen=True, slots=True)
class Workflow:
    """`name` may be None in a file of a single workflow."""

    name: str | None
    book: Book

    def jobs(self, variables: Mapping[str, str] | None = None) -> list[JobSpec]:
        """What there is to run, dependencies first; `variables` are those given at submission.

        Raises WorkflowErrors; a problem whose file is None is about `variables`.
        """
        return jobs_of(self.book, self.name, variables or {})

    def used(self, variables: Mapping[str, str] | None = None) -> dict[str, str]:
        """The variables of a run of it with their values, for its row."""
        return self.book.values(self.name, variables or {}) | dict(variables or {})

    def variables(self) -> list[Variable]:
        """What may be given at submission, for a form: its own first, then its dependencies'."""
        found: dict[str, Variable] = {}
        for name in mentioned(self.book, self.name):
            known = self.book.known(name)
            found |= {word: item for word, item in known.items() if word not in found}
        return list(found.values())


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

    def variables(self, name: str | None) -> list[Variable]:
        """What may be given for that workflow; raises UnknownWorkflow."""
        return self.pick(name).variables()
