"""The whole way from text to workflows."""

from collections.abc import Iterator

from webapp.workflow_files.book import Book
from webapp.workflow_files.graph import check_order
from webapp.workflow_files.limits import MOST_PROBLEMS
from webapp.workflow_files.listing import drafts_of
from webapp.workflow_files.nodes import compose
from webapp.workflow_files.problems import VARIABLES, Problem, WorkflowErrors
from webapp.workflow_files.sections import definitions_of
from webapp.workflow_files.tree import Tree, plant
from webapp.workflow_files.workflows import Workflow, Workflows


def read_workflows(text: str, variables_text: str | None = None) -> Workflows:
    """The workflows of a file, and of the file with their variables if there is one; raises
    WorkflowErrors with everything that is wrong in them.

    A workflow that cannot run before a variable is given is checked when it is.
    """
    trees = _trees(text, variables_text)
    drafts = drafts_of(trees[0])
    names = [each.name for each in drafts]
    book = Book({each.name: each for each in drafts}, definitions_of(trees, names))
    problems = [problem for tree in trees for problem in tree.problems]
    problems += _wrong_workflows(book)
    if not problems:
        problems += _wrong_order(book)
    if problems:
        raise WorkflowErrors(problems[:MOST_PROBLEMS])
    return Workflows(tuple(Workflow(name, book) for name in names))


def _trees(text: str, variables_text: str | None) -> list[Tree]:
    trees = [plant(compose(text))]
    if variables_text is not None:
        trees.append(plant(compose(variables_text, VARIABLES), VARIABLES))
    return trees


def _wrong_workflows(book: Book) -> Iterator[Problem]:
    for name, draft in book.drafts.items():
        if book.is_complete(name) and not draft.is_broken:
            try:
                book.part(name, {})
            except WorkflowErrors as errors:
                yield from errors.problems


def _wrong_order(book: Book) -> list[Problem]:
    try:
        check_order(book)
    except WorkflowErrors as errors:
        return errors.problems
    return []
