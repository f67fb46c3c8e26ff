"""From a commit to its workflow files, with a real git."""

import pytest

from tests.git_scene.repository import git
from tests.people import TESTS
from tests.repositories.conftest import WORKFLOW, left_in, read
from webapp.engine.jobs import Code
from webapp.models.repo import repo_at
from webapp.repositories import CodeProblem, UnknownRepository, branches, source_of

VARIABLES = "variables:\n  global:\n    epochs: 3\n"


def test_the_newest_commit_of_the_default_branch_is_read(app, known):
    source = read(known)
    assert source.files.workflows == WORKFLOW and source.files.variables is None
    assert source.code == Code(known.url, "main", known.hash())
    assert left_in(app) == []


def test_a_commit_is_read_as_it_was(known):
    first = known.hash()
    known.commit({".dstack/workflows.yaml": WORKFLOW.replace("hello", "other")})
    assert read(known, repo_hash=first, repo_branch="main").files.workflows == WORKFLOW
    assert "other" in read(known, repo_branch="main").files.workflows


def test_another_branch_has_its_own_files(known):
    known.branch("feature/faster")
    known.commit({".dstack/variables.yaml": VARIABLES})
    source = read(known, repo_branch="feature/faster")
    assert source.files.variables == VARIABLES and source.code.repo_hash == known.hash()
    assert read(known, repo_branch="main").files.variables is None


def test_its_branches_are_listed_with_their_commits(known):
    known.branch("faster")
    known.commit({"a": "b"})
    found = branches(TESTS, repo_at(known.url))
    assert found.commits == {"main": known.hash("main"), "faster": known.hash("faster")}
    assert found.default == "faster"  # the one that is checked out


def test_a_commit_that_is_not_there_is_said(app, known):
    with pytest.raises(CodeProblem) as raised:
        read(known, repo_hash="a" * 40)
    assert raised.value.field == "repo_hash"
    assert str(raised.value) == f"There is no commit {'a' * 40}; was it pushed?"
    assert left_in(app) == []


def test_a_hash_of_something_else_is_no_commit(known):
    tree = known.hash("HEAD^{tree}")
    with pytest.raises(CodeProblem, match="no commit"):
        read(known, repo_hash=tree)


@pytest.mark.parametrize(
    ("code", "field", "words"),
    [
        ({"repo_branch": "nowhere"}, "repo_hash", "no branch nowhere"),
        ({"repo_branch": "--upload-pack=x"}, "repo_branch", "no name of a branch"),
        ({"repo_hash": "HEAD"}, "repo_hash", "whole hash"),
        ({"repo_hash": "--all"}, "repo_hash", "whole hash"),
    ],
)
def test_what_names_no_commit_is_said_by_field(known, code, field, words):
    with pytest.raises(CodeProblem, match=words) as raised:
        read(known, **code)
    assert raised.value.field == field


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"README": "hello"}, "There is no .dstack/workflows.yaml"),
        ({".dstack/workflows.yaml": b"caf\xe9"}, "not text in UTF-8"),
        ({".dstack/workflows.yaml": "x" * 5_000_000}, "more than 4 MiB"),
    ],
)
def test_a_commit_without_readable_workflows_is_said(repository, keep, files, words):
    git(repository.folder, "rm", "-rq", ".")
    repository.commit(files)
    keep(repository.url)
    with pytest.raises(CodeProblem, match=words):
        read(repository)


def test_a_workflow_file_that_is_a_link_is_not_followed(known):
    path = known.folder / ".dstack" / "workflows.yaml"
    path.unlink()
    path.symlink_to("/etc/passwd")
    known.commit({})
    with pytest.raises(CodeProblem, match="is a link"):
        read(known)


def test_windows_line_ends_and_a_mark_at_the_beginning_are_read(known):
    known.commit(
        {".dstack/workflows.yaml": b"\xef\xbb\xbf" + WORKFLOW.replace("\n", "\r\n").encode()}
    )
    assert read(known).files.workflows == WORKFLOW.replace("\n", "\r\n")


@pytest.mark.parametrize("url", ["https://host/unknown", "-x", "", "ext::sh", "/nowhere", "a\0b"])
def test_a_repository_that_nobody_initialised_is_not_found(local, url):
    with pytest.raises(UnknownRepository, match=r"^repo not found$"):
        source_of(TESTS, Code(repo_url=url))


def test_a_local_one_is_not_found_any_more_when_that_is_switched_off(app, known):
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"allow_local_repos": False})
    with pytest.raises(UnknownRepository):
        read(known)


def test_every_spelling_of_its_address_is_known(known):
    assert read(known, repo_url=f"file://{known.url}/").code.repo_hash == known.hash()
