"""The jobs of a run: what was checked becomes JobSpecs."""

import difflib
from collections.abc import Iterator

from webapp.engine.jobs import JobSpec, TaggedInput
from webapp.engine.variables import environment
from webapp.workflow_files import limits
from webapp.workflow_files.book import Book, Given, Name
from webapp.workflow_files.graph import order
from webapp.workflow_files.problems import Problem, WorkflowErrors
from webapp.workflow_files.providers import ProviderPart, job_of
from webapp.workflow_files.variables import wrong_given


def jobs_of(book: Book, name: Name, given: Given) -> list[JobSpec]:
    """That workflow's job and those it depends on, dependencies first; raises WorkflowErrors."""
    check_given(given)
    names = order(book, name, given)
    _refuse_unknown(book, names, given)
    jobs = [_job(book, one, names, given) for one in names]
    total = sum(len(job.commands) + _size(job) for job in jobs)
    if total > limits.MOST_RUN_BYTES:
        sentence = (
            f"The jobs of this run come to {total} bytes; {limits.MOST_RUN_BYTES} is the most."
        )
        raise WorkflowErrors([book.drafts[name].problem(book.drafts[name].path, sentence)])
    return jobs


def check_given(given: Given) -> None:
    """Raise WorkflowErrors for variables of a submission that no workflow could have."""
    problems = [Problem(None, where, says, None) for where, says in wrong_given(given)]
    if problems:
        raise WorkflowErrors(problems[: limits.MOST_PROBLEMS])


def _refuse_unknown(book: Book, names: list[Name], given: Given) -> None:
    """A variable that nothing of the run knows is a slip of the pen."""
    known = set().union(*(book.known(name) for name in names))
    problems = [
        Problem(None, f"variables.{word}", _unknown(word, known), None)
        for word in given
        if word not in known
    ]
    if problems:
        raise WorkflowErrors(problems[: limits.MOST_PROBLEMS])


def _unknown(word: str, known: set[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    there = f"known are {', '.join(sorted(known)[:20])}." if known else "it has none."
    return f"The workflow has no variable `{word}`; " + (
        f"did you mean `{near[0]}`?" if near else there
    )


def _job(book: Book, name: Name, names: list[Name], given: Given) -> JobSpec:
    draft, part = book.drafts[name], book.part(name, given)
    before = [need.workflow for need in part.needs if need.tag is None]
    shared = part.shared(
        environment(book.values(name, given)),
        tuple(names.index(one) for one in before),
        tuple(_tagged(book, part, given)),
    )
    job = job_of(part, shared)
    problems = [draft.problem((*draft.path, key), says) for key, says in _too_big(job)]
    if problems:
        raise WorkflowErrors(problems)
    return job


def _tagged(book: Book, part: ProviderPart, given: Given) -> Iterator[TaggedInput]:
    for need in part.needs:
        if need.tag is not None:
            here = need.workflow in book.drafts
            variables = book.values(need.workflow, given) if here else None
            yield TaggedInput(need.workflow, need.tag, variables)


def _too_big(job: JobSpec) -> Iterator[tuple[str, str]]:
    size = len(job.commands.encode())
    if size > limits.LONGEST_SCRIPT:
        sentence = f"`commands` may have {limits.LONGEST_SCRIPT} bytes together, not {size}."
        yield "commands", sentence + " Put them into a script of their own."
    if _size(job) > limits.MOST_ENVIRONMENT:
        sentence = f"The environment may have {limits.MOST_ENVIRONMENT} bytes, not {_size(job)}."
        yield "environment", sentence


def _size(job: JobSpec) -> int:
    return sum(len(name) + len(value.encode()) + 2 for name, value in job.environment.items())
