"""Which workflows a workflow brings along, and in which order."""

from webapp.engine.ordering import Cycle, ordered
from webapp.workflow_files.book import Book, Given, Name
from webapp.workflow_files.problems import Problem, WorkflowErrors


def order(book: Book, first: Name, given: Given) -> list[Name]:
    """It and all that it depends on, each once, dependencies first; raises WorkflowErrors."""
    done: dict[Name, None] = {}
    try:
        ordered(first, lambda one: _before(book, one, given), done)
    except Cycle as cycle:
        raise WorkflowErrors([_circle(book, cycle.names, given)]) from None
    return list(done)


def check_order(book: Book) -> None:
    """Raise WorkflowErrors for circles of workflows that can be read without anything given."""
    done: dict[Name, None] = {}
    try:
        for name in book.checked:
            ordered(name, lambda one: _before(book, one, {}) if one in book.checked else [], done)
    except Cycle as cycle:
        raise WorkflowErrors([_circle(book, cycle.names, {})]) from None


def mentioned(book: Book, name: Name) -> list[Name]:
    """That workflow and those it depends on as far as the file names them: before its variables
    have values nothing more can be said."""
    names = [name]
    for one in names:
        names += [each for each in book.drafts[one].written_needs() if _is_new(book, names, each)]
    return names


def _is_new(book: Book, names: list[Name], name: str) -> bool:
    return name in book.drafts and name not in names


def _before(book: Book, name: Name, given: Given) -> list[Name]:
    return [need.workflow for need in book.part(name, given).needs if need.tag is None]


def _circle(book: Book, names: list[Name], given: Given) -> Problem:
    draft = book.drafts[names[0]]
    needs = [need.workflow for need in book.part(names[0], given).needs]
    path = draft.need(needs.index(names[1] or ""))
    return draft.problem(path, f"These wait for each other: {' -> '.join(map(str, names))}.")
