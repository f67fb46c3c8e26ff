"""What is done to repositories. New credentials replace good ones only after a check."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from webapp.engine.known_hosts import merged
from webapp.engine.repository_access import Credentials
from webapp.engine.repository_urls import canonical
from webapp.extensions import db
from webapp.models.event import Who, record
from webapp.models.repo import Repo, to_seal, unsealed
from webapp.models.transaction import announce, require_writing


def propose_repo(who: Who, user_id: int, url: str, given: Credentials, now: int) -> int:
    """Add a repository, or new credentials for one; they wait for a check. Its id."""
    require_writing()
    repo_id = _repo_id(user_id, url, given, now)
    change = {"candidate": to_seal(given), "problem": None}
    _change(repo_id, now, check_wanted_at=now, **change)
    record(who, "repository proposed", f"{url} ({given.kind})", now, data={"repo": repo_id})
    announce("repos")
    return repo_id


def keep_repo(who: Who, user_id: int, url: str, given: Credentials, hosts: str, now: int) -> int:
    """Add a repository, or new credentials for one, that a check found good. Its id."""
    require_writing()
    repo_id = _repo_id(user_id, url, given, now)
    _accept(who, db.session.get_one(Repo, repo_id), given, hosts, now)
    return repo_id


def want_repo_check(who: Who, repo: Repo, now: int) -> None:
    """Ask for another check; the result will be on the row."""
    require_writing()
    _change(repo.id, now, check_wanted_at=now)
    record(who, "repository check asked", repo.url, now, data={"repo": repo.id})
    announce("repos")


def repo_checked(
    who: Who, repo_id: int, candidate: str | None, problem: str | None, hosts: str, now: int
) -> None:
    """Keep what a check of these `candidate` credentials (None: of the good ones) found.

    Nothing is kept when others were proposed meanwhile: they are checked for themselves.
    """
    require_writing()
    repo = db.session.get(Repo, repo_id)
    if repo is None or repo.candidate != candidate:
        return
    if problem is None:
        _accept(who, repo, unsealed(candidate or repo.credentials), hosts, now)
        return
    if candidate is not None and repo.usable:
        problem = f"The new credentials were not taken, the ones before stay: {problem}"
    _change(repo.id, now, candidate=None, problem=problem, check_wanted_at=None, checked_at=now)
    record(who, "repository cannot be reached", problem, now, data={"repo": repo.id})


def learn_hosts(who: Who, repo: Repo, seen: str, now: int) -> None:
    """Remember hosts that git met for the first time; a known one keeps its key."""
    require_writing()
    hosts = merged(repo.known_hosts, seen)
    if hosts != repo.known_hosts:
        _change(repo.id, now, known_hosts=hosts)
        record(who, "repository host seen first", repo.url, now, data={"repo": repo.id})


def forget_hosts(who: Who, repo: Repo, now: int) -> None:
    """Take whatever key its hosts show next."""
    require_writing()
    _change(repo.id, now, known_hosts="")
    record(who, "repository host keys forgotten", repo.url, now, data={"repo": repo.id})


def delete_repo(who: Who, repo: Repo, now: int) -> None:
    """Forget it and its credentials; its mirror is the caller's to remove."""
    require_writing()
    record(who, "repository deleted", repo.url, now, data={"repo": repo.id})
    db.session.delete(repo)
    db.session.flush()


def _repo_id(user_id: int, url: str, given: Credentials, now: int) -> int:
    row = {"url": url, "address": canonical(url), "kind": given.kind, "known_hosts": ""}
    row |= {"user_id": user_id, "created_at": now, "updated_at": now}
    insert = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    query = insert[db.session.connection().dialect.name](Repo).values(**row)
    db.session.execute(query.on_conflict_do_nothing())  # somebody else may just have added it
    query = select(Repo.id).where(Repo.address == row["address"])
    return db.session.execute(query).scalar_one()


def _accept(who: Who, repo: Repo, good: Credentials, hosts: str, now: int) -> None:
    values = {"candidate": None, "problem": None, "check_wanted_at": None}
    values |= {"credentials": to_seal(good), "kind": good.kind}
    values |= {"known_hosts": merged(repo.known_hosts, hosts)}
    _change(repo.id, now, checked_at=now, good_at=now, **values)
    record(who, "repository is good", f"{repo.url} ({good.kind})", now, data={"repo": repo.id})


def _change(repo_id: int, now: int, **values: Any) -> None:
    query = update(Repo.__table__).where(Repo.id == repo_id)
    db.session.execute(query.values(updated_at=now, **values))
    db.session.expire_all()
