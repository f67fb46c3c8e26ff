"""Which workflows a workflow brings along, and in which order."""

from collections.abc import Iterable

from webapp.engine.ordering import Cycle, ordered
from webapp.workflow_files.book import Book, Given, Name
from webapp.workflow_files.problems import Problem, WorkflowErrors


def order(book: Book, first: Iterable[Name], given: Given) -> list[Name]:
    """These and all that they depend on, each once, dependencies first; raises WorkflowErrors."""
    done: dict[Name, None] = {}
    for name in first:
        try:
            ordered(name, lambda one: _before(book, one, given), done)
        except Cycle as cycle:
            raise WorkflowErrors([_circle(book, cycle.names, given)]) from None
    return list(done)


def _before(book: Book, name: Name, given: Given) -> list[Name]:
    return [need.workflow for need in book.part(name, given).needs if need.tag is None]


def _circle(book: Book, names: list[Name], given: Given) -> Problem:
    draft = book.drafts[names[0]]
    needs = [need.workflow for need in book.part(names[0], given).needs]
    path = draft.need(needs.index(names[1] or ""))
    return draft.problem(path, f"These wait for each other: {' -> '.join(map(str, names))}.")
