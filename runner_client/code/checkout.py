"""A commit of a repository as the folder of a job, with local changes on top of it."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from git_access import Opened, opened
from runner_client.code.clone_cache import CloneCache
from runner_client.code.git_command import Git, GitFailed
from runner_client.code.pieces import download
from runner_client.code.source import Source
from runner_client.preparation import CannotRun, Preparation

_NO_GIT = (
    "The job needs the code of a repository and this runner has no git: install git and start the "
    "runner again."
)
_DAMAGED = (b"corrupt", b"loose object", b"bad object", b"unable to read", b"packfile", b"inflate")
_POINTERS = (
    "  Large files of this repository are kept by Git LFS, and this runner has no git-lfs: they "
    "stay pointers."
)


def check_out(preparation: Preparation, source: Source) -> None:
    """Raises CannotRun, Refused, Ended, Over, OSError."""
    if shutil.which("git") is None:
        raise CannotRun(_NO_GIT)
    job, began = preparation.job, time.monotonic()
    short = source.commit[:12]
    preparation.say("Fetching %s at %s" % (source.access.url, short))
    with opened(source.access, job.folder.path / "private") as way:
        git = Git(preparation, way.environment)
        _fetch(preparation, git, source)
        _tell_hosts(preparation, source, way)
        _fill(git, job.folder.work, source)
    if source.diff_size:
        _apply(preparation, git, source)
    _look_for_pointers(preparation)
    preparation.say("  The code is here, after %.1f s" % (time.monotonic() - began))


def _fetch(preparation: Preparation, git: Git, source: Source) -> None:
    """From the server into the cache, and from there into the job's folder."""
    cache = CloneCache(
        preparation.place.jobs.parent / "clones", source.access.url, preparation.line.check
    )
    work = preparation.job.folder.work
    with cache.locked():
        try:
            new = _by_cache(cache, git, work, source)
        except GitFailed as error:
            if not any(word in error.output for word in _DAMAGED):
                raise
            # By a disk that was full, a machine that lost its power…: once more from nothing.
            cache.forget()
            new = _by_cache(cache, git, work, source)
    if new:
        cache.prune()


def _by_cache(cache: CloneCache, git: Git, work: Path, source: Source) -> bool:
    try:
        new = cache.fetch(git, source.commit, source.branch)
        _from_cache(cache, git, work, source)
        return new
    except GitFailed as error:
        if b"not our ref" in error.output:
            sentence = "There is no commit %s in the repository any more." % source.commit
            raise GitFailed(sentence, error.output) from None
        raise GitFailed("The code could not be fetched: %s" % error, error.output) from None


def _from_cache(cache: CloneCache, git: Git, work: Path, source: Source) -> None:
    git.run("init", "--quiet", str(work))
    words = ("fetch", "--quiet", "--no-tags", "--depth=1", "file://%s" % _escaped(cache.path))
    git.run("-C", str(work), *words, source.commit, GIT_ALLOW_PROTOCOL="file")


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%25")


def _fill(git: Git, work: Path, source: Source) -> None:
    """Files, submodules and large files."""
    inside = ("-C", str(work))
    git.run(*inside, "config", "remote.origin.url", source.access.url)
    git.run(*inside, "config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")
    on = ("-B", source.branch) if source.branch else ("--detach",)
    git.run(*inside, "checkout", "--quiet", *on, source.commit)
    if (work / ".gitmodules").is_file():
        update = (*inside, "submodule", "--quiet", "update", "--init", "--recursive")
        try:
            git.run(*update, "--depth=1")
        except (
            GitFailed
        ):  # a server that hands out branches only, and a commit that is no longer one
            git.run(*update)


def _apply(preparation: Preparation, git: Git, source: Source) -> None:
    folder = preparation.job.folder
    path = folder.path / "diff"
    download(preparation, "diff", path, source.diff_size)
    try:
        git.run("-C", str(folder.work), "apply", "--whitespace=nowarn", str(path))
    except GitFailed as error:
        sentence = "The local changes do not apply to commit %s: %s"
        raise CannotRun(sentence % (source.commit[:12], error)) from None
    finally:
        path.unlink()
    preparation.say("  Local changes are applied")


def _tell_hosts(preparation: Preparation, source: Source, way: Opened) -> None:
    seen = way.hosts_seen()
    if seen == source.access.known_hosts:
        return
    key = preparation.job.key
    body = {"attempt": key.attempt, "known_hosts": seen}
    preparation.line.call("jobs/%s/hosts" % key.job, body)
    preparation.say("  Its host was seen for the first time here; the server keeps the host's key")


def _look_for_pointers(preparation: Preparation) -> None:
    attributes = preparation.job.folder.work / ".gitattributes"
    if shutil.which("git-lfs") is not None or not attributes.is_file():
        return
    if b"filter=lfs" in attributes.read_bytes():
        preparation.say(_POINTERS)
