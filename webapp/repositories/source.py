"""From what a submission names to the workflow files and the code that its jobs will get."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from flask import current_app

from webapp.clock import now
from webapp.engine.commits import BadCommit, check_branch, check_hash
from webapp.engine.jobs import Code
from webapp.engine.repository_urls import BadUrl, check_url, for_git
from webapp.engine.workflow_places import Files
from webapp.extensions import db
from webapp.models.event import Who
from webapp.models.repo import Repo, repo_at
from webapp.models.repo_changes import learn_hosts
from webapp.models.transaction import writing
from webapp.repositories.branches import Branches, branches_of, newest_commit
from webapp.repositories.files import NoFile, files_at
from webapp.repositories.mirror import FETCH, Mirror, locked, remove
from webapp.repositories.patch import BadPatch
from webapp.repositories.reaching import Place, reaching, repositories_folder
from webapp.repositories.running import GitFailed


class UnknownRepository(Exception):
    """It was not initialised here, or no check of it was ever good."""


class CodeProblem(Exception):
    """One sentence, and the `field` that it is about, such as repo_hash or repo_diff."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Source:
    """`code` is complete: its hash is one that exists."""

    files: Files
    code: Code


def source_of(who: Who, wanted: Code, *, optional: bool = False) -> Source:
    """The files of that commit, or of the branch's newest one when no hash is given; it may take a
    while when the server has not seen the commit. `optional`: it may hold no workflows. Raises
    UnknownRepository, CodeProblem."""
    repo = known_repository(wanted.repo_url or "")
    branch = _checked("repo_branch", check_branch, wanted.repo_branch)
    commit = _checked("repo_hash", check_hash, wanted.repo_hash)
    diff = wanted.repo_diff or None
    with mirror_of(who, repo) as mirror:
        try:
            if commit is None:
                branch, commit = newest_commit(mirror, branch)
            mirror.fetch(commit, branch)
            files = files_at(mirror, commit, diff, optional=optional)
        except BadPatch as error:
            raise CodeProblem("repo_diff", str(error)) from None
        except (NoFile, GitFailed) as error:
            raise CodeProblem("repo_hash", str(error)) from None
    return Source(files, Code(wanted.repo_url, branch, commit, diff))


def branches(who: Who, repo: Repo) -> Branches:
    """Its branches as they are now; raises CodeProblem."""
    with mirror_of(who, repo) as mirror:
        try:
            return branches_of(mirror)
        except GitFailed as error:
            raise CodeProblem("repo_url", str(error)) from None


def known_repository(url: str) -> Repo:
    """The repository at that address; raises UnknownRepository."""
    try:
        repo = repo_at(check_url(url, _allow_local()))
    except BadUrl:
        repo = None
    if repo is None or not repo.usable:
        raise UnknownRepository("repo not found")
    return repo


def forget_mirror(repo_id: int) -> None:
    """Remove the server's copy of a repository that was deleted."""
    path = repositories_folder() / f"{repo_id}.git"
    with locked(path, FETCH.seconds):
        remove(path)
    path.with_suffix(".lock").unlink(missing_ok=True)


@contextmanager
def mirror_of(who: Who, repo: Repo) -> Iterator[Mirror]:
    """The mirror with what opens the repository; hosts that are new are remembered at the end.
    Raises CodeProblem."""
    root = repositories_folder()
    place = Place(repo.url, repo.opened_by, repo.known_hosts, _allow_local())
    path, repo_id = root / f"{repo.id}.git", repo.id
    db.session.commit()  # the network may be slow; nothing of the database is held meanwhile
    with ExitStack() as stack:
        try:
            way = stack.enter_context(reaching(place, root))
        except GitFailed as error:
            raise CodeProblem("repo_url", str(error)) from None
        try:
            yield Mirror(path, for_git(place.url), way)
        finally:
            seen = way.hosts_seen()
            if seen != place.known_hosts:
                _learn(who, repo_id, seen)


def _allow_local() -> bool:
    return current_app.extensions["settings"].allow_local_repos


def _learn(who: Who, repo_id: int, seen: str) -> None:
    with writing():
        repo = db.session.get(Repo, repo_id)
        if repo is not None:
            learn_hosts(who, repo, seen, now())


def _checked(field: str, check, text: str | None) -> str | None:
    try:
        return check(text) if text else None
    except BadCommit as error:
        raise CodeProblem(field, str(error)) from None
