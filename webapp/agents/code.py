"""Where the files of a job come from: a commit with what opens its repository, or an archive."""

from typing import Annotated, Any

from flask import Response, current_app, jsonify
from pydantic import StringConstraints

from webapp.access import allow
from webapp.agents import agents
from webapp.agents.credential import this_runner
from webapp.agents.open_attempt import OfAttempt, open_attempt
from webapp.agents.pieces import OfPiece, piece
from webapp.archives import archive_store
from webapp.clock import now
from webapp.engine.known_hosts import LONGEST
from webapp.engine.repository_urls import for_git, is_local
from webapp.errors import Refused
from webapp.extensions import db
from webapp.json_input import json_input
from webapp.models.repo import Repo, repo_at
from webapp.models.repo_changes import learn_hosts
from webapp.models.run import Run
from webapp.models.transaction import writing


class OfHosts(OfAttempt):
    """What ssh knows of hosts after a clone."""

    known_hosts: Annotated[str, StringConstraints(max_length=2 * LONGEST)]


@agents.post("/jobs/<job_id>/code")
@allow("runner")
def code(job_id: str) -> Response:
    """Say what to fetch, and with what."""
    run = _run_of(job_id, json_input(OfAttempt).attempt)
    return jsonify(_of_archive(run) if run.archive else _of_commit(run))


@agents.post("/jobs/<job_id>/diff")
@allow("runner")
def diff(job_id: str) -> Response:
    """A piece of the local changes."""
    body = json_input(OfPiece)
    content = _diff_of(_run_of(job_id, body.attempt))
    return piece(lambda most: content[body.offset : body.offset + most])


@agents.post("/jobs/<job_id>/archive")
@allow("runner")
def archive(job_id: str) -> Response:
    """A piece of the archive."""
    body = json_input(OfPiece)
    digest = _run_of(job_id, body.attempt).archive or ""
    db.session.remove()  # the disk may be slow; nothing of the database is held meanwhile
    if not digest or archive_store().size(digest) is None:
        raise _gone("the archive of this run")
    return piece(lambda most: archive_store().read(digest, body.offset, most))


@agents.post("/jobs/<job_id>/hosts")
@allow("runner")
def hosts(job_id: str) -> Response:
    """Remember the hosts that a clone met for the first time."""
    body = json_input(OfHosts)
    repo = _repo_of(_run_of(job_id, body.attempt))
    with writing():
        learn_hosts(this_runner(), repo, body.known_hosts, now())
    return jsonify({})


def _run_of(job_id: str, attempt: int) -> Run:
    return db.session.get_one(Run, open_attempt(job_id, attempt).run_id)


def _of_archive(run: Run) -> dict[str, Any]:
    size = archive_store().size(run.archive or "")
    if size is None:
        raise _gone("the archive of this run")
    return {"kind": "archive", "sha256": run.archive, "size": size}


def _of_commit(run: Run) -> dict[str, Any]:
    repo = _repo_of(run)
    opened_by = repo.opened_by
    return {
        "kind": "git",
        "url": for_git(repo.url),
        "local": is_local(repo.url),
        "branch": run.repo_branch,
        "hash": run.repo_hash,
        "diff_size": len(_diff_of(run)),
        "user_name": opened_by.user_name,
        "secret": opened_by.token or opened_by.password,
        "private_key": opened_by.private_key,
        "passphrase": opened_by.passphrase,
        "known_hosts": repo.known_hosts,
    }


def _repo_of(run: Run) -> Repo:
    repo = repo_at(run.repo_url) if run.repo_url else None
    allow_local = current_app.extensions["settings"].allow_local_repos
    if repo is None or not repo.usable or (is_local(repo.url) and not allow_local):
        raise _gone(f"the repository {run.repo_url}")
    return repo


def _diff_of(run: Run) -> bytes:
    text = run.repo_diff or ""
    return text.encode() if text.endswith("\n") or not text else text.encode() + b"\n"


def _gone(what: str) -> Refused:
    return Refused(404, "no_code", f"The server does not know {what} any more.")
