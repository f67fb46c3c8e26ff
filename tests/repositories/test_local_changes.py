"""Workflow files as the local changes of a submission make them."""

import pytest

from tests.git_scene.repository import git
from tests.repositories.conftest import WORKFLOW, left_in, read
from webapp.repositories import CodeProblem

OTHER = WORKFLOW.replace("hello", "other")


def refused(known, diff):
    with pytest.raises(CodeProblem) as raised:
        read(known, repo_hash=known.hash(), repo_diff=diff)
    assert raised.value.field == "repo_diff"
    return str(raised.value)


def changed(known, files, *words):
    """The diff of these changes, and the working copy as it was."""
    known.write(files)
    git(known.folder, "add", "--all", "--intent-to-add")
    diff = known.diff(*words)
    git(known.folder, "reset", "--hard", "--quiet")
    return diff


def test_changes_of_workflow_files_count(app, known):
    diff = changed(
        known, {".dstack/workflows.yaml": OTHER, ".dstack/variables.yaml": "variables: {}\n"}
    )
    files = read(known, repo_hash=known.hash(), repo_diff=diff).files
    assert (files.workflows, files.variables) == (OTHER, "variables: {}\n")
    assert read(known).files.workflows == WORKFLOW
    assert left_in(app) == []


def test_a_diff_whose_last_line_end_was_cut_off_counts_too(known):
    diff = changed(known, {".dstack/workflows.yaml": OTHER}).rstrip("\n")
    assert read(known, repo_diff=diff).files.workflows == OTHER


def test_line_ends_of_windows_stay_what_they_are(known):
    known.commit({".dstack/workflows.yaml": WORKFLOW.replace("\n", "\r\n")})
    diff = changed(known, {".dstack/workflows.yaml": OTHER.replace("\n", "\r\n")})
    assert read(known, repo_diff=diff).files.workflows == OTHER.replace("\n", "\r\n")


def test_changes_elsewhere_are_kept_for_the_job(known):
    diff = changed(known, {"train.py": "print('two')\n", "new": "new\n"})
    source = read(known, repo_diff=diff)
    assert source.files.workflows == WORKFLOW and source.code.repo_diff == diff


def test_a_binary_change_elsewhere_is_kept_for_the_job(known):
    diff = changed(known, {"data.bin": bytes(range(256))}, "--binary")
    assert read(known, repo_diff=diff).code.repo_diff == diff


def test_changes_that_do_not_fit_the_commit_are_refused_in_gits_words(app, known):
    diff = changed(known, {".dstack/workflows.yaml": OTHER}).replace("echo hello", "echo never")
    words = refused(known, diff)
    assert "do not fit commit" in words and "patch does not apply" in words
    assert left_in(app) == []


def test_changes_that_take_the_workflows_away_are_said(known):
    git(known.folder, "rm", "-q", ".dstack/workflows.yaml")
    diff = known.diff()
    with pytest.raises(CodeProblem, match=r"There is no \.dstack/workflows\.yaml"):
        read(known, repo_hash=known.hash(), repo_diff=diff)


@pytest.mark.parametrize(
    ("diff", "words"),
    [
        ("garbage", "no patch"),
        ("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1,9 @@\n-x\n+y\n", "corrupt patch"),
        ("--- a/../x\n+++ b/../x\n@@ -1 +1 @@\n-x\n+y\n", "leave the repository: ../x"),
        ("--- a/a/../../x\n+++ b/a/../../x\n@@ -1 +1 @@\n-x\n+y\n", "leave the repository"),
        ("--- a/.git/config\n+++ b/.git/config\n@@ -1 +1 @@\n-x\n+y\n", "leave the repository"),
        ("--- /dev/null\n+++ b//etc/x\n@@ -0,0 +1 @@\n+y\n", "leave the repository: /etc/x"),
        ("x" * (8 * 1024 * 1024 + 1), "may have 8 MiB"),
    ],
)
def test_what_is_no_patch_of_the_repository_is_refused(known, diff, words):
    assert words in refused(known, diff)


def test_a_renamed_workflow_file_is_seen(known):
    git(known.folder, "rm", "-q", ".dstack/workflows.yaml")
    known.commit({"spare.yaml": OTHER, ".dstack/readme": "soon\n"})
    git(known.folder, "mv", "spare.yaml", ".dstack/workflows.yaml")
    diff = known.diff("--find-renames")
    assert "rename from" in diff
    assert read(known, repo_hash=known.hash(), repo_diff=diff).files.workflows == OTHER
