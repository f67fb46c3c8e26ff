"""Try what opens repositories, where somebody asked for it; the result is on the row."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from webapp.clock import now as clock_now
from webapp.extensions import db
from webapp.models.event import SCHEDULER
from webapp.models.repo import Repo, unsealed
from webapp.models.repo_changes import repo_checked
from webapp.models.transaction import writing
from webapp.repositories import Checked, Place, check, repositories_folder

AT_ONCE = 8  # a host that does not answer must not hold up the others
_ONE_LOOK = 40

Wanted = tuple[int, str | None, Place]


def check_repositories(now: int) -> int:
    """How many were checked."""
    wanted = _wanted()
    db.session.commit()  # git may be slow; nothing of the database is held meanwhile
    if not wanted:
        return 0
    root = repositories_folder()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(lambda each: _try(each[2], root), wanted))
    for (repo_id, candidate, _), result in zip(wanted, found, strict=True):
        with writing():
            about = (repo_id, candidate, result.problem, result.hosts)
            repo_checked(SCHEDULER, *about, clock_now())
    return len(wanted)


def _wanted() -> list[Wanted]:
    query = select(Repo).where(Repo.check_wanted_at.is_not(None)).order_by(Repo.check_wanted_at)
    rows = db.session.scalars(query.limit(_ONE_LOOK))
    allow_local = current_app.extensions["settings"].allow_local_repos
    return [
        (
            row.id,
            row.candidate,
            Place(
                row.url,
                unsealed(row.candidate or row.credentials),
                row.known_hosts,
                allow_local,
            ),
        )
        for row in rows
    ]


def _try(place: Place, root: Path) -> Checked:
    try:
        return check(place, root)
    except OSError as error:
        return Checked(f"The server cannot start git: {error.strerror or error}.", "")
