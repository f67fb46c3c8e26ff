"""Repositories whose code runs may use, and what opens them."""

import json
from dataclasses import asdict

from sqlalchemy import ForeignKey, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.engine.known_hosts import HostKey, host_keys
from webapp.engine.repository_access import Credentials
from webapp.engine.repository_urls import canonical
from webapp.engine.states import FINISHED_JOB
from webapp.extensions import db
from webapp.models.columns import Moment, Name, Sealed, Sentence
from webapp.models.job import Job
from webapp.models.run import Run
from webapp.models.user import User


class Repo(db.Model):
    """`url` as it was given, `address` in the one spelling that all of its spellings have.

    `credentials` are good (they opened it at `good_at`); `candidate` ones wait for a check and
    replace them only if they are. `problem` is what the last check said, None when it was good.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[Sentence]
    address: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[Name]
    credentials: Mapped[str | None] = mapped_column(Sealed)
    candidate: Mapped[str | None] = mapped_column(Sealed)
    known_hosts: Mapped[Sentence] = mapped_column(default="")
    problem: Mapped[Sentence | None]
    check_wanted_at: Mapped[Moment | None]
    checked_at: Mapped[Moment | None]
    good_at: Mapped[Moment | None]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]

    user: Mapped[User] = relationship()

    @property
    def usable(self) -> bool:
        """Whether a check was ever good with the credentials it has."""
        return self.good_at is not None

    @property
    def opened_by(self) -> Credentials:
        """The good credentials."""
        return unsealed(self.credentials)

    @property
    def hosts(self) -> list[HostKey]:
        """The keys of its hosts, as they were seen first."""
        return host_keys(self.known_hosts)


def unsealed(text: str | None) -> Credentials:
    """What a column holds."""
    return Credentials(**json.loads(text)) if text else Credentials()


def to_seal(credentials: Credentials) -> str:
    """What a column is given."""
    return json.dumps({name: value for name, value in asdict(credentials).items() if value})


def repo_at(url: str) -> Repo | None:
    """The repository that this address means, whichever way it is spelt."""
    return db.session.scalar(select(Repo).where(Repo.address == canonical(url)))


def repos() -> list[Repo]:
    """All of them, by address."""
    return list(db.session.scalars(select(Repo).order_by(Repo.address)))


def repo_ids() -> set[int]:
    """The ids of all of them."""
    return set(db.session.scalars(select(Repo.id)))


def unfinished_runs_of(repo: Repo) -> list[str]:
    """Names of the runs that still need it."""
    query = select(Run.name, Run.repo_url).where(Run.status.not_in(FINISHED_JOB))
    rows = db.session.execute(query.where(Run.repo_url.is_not(None)).order_by(Run.id))
    return [name for name, url in rows if canonical(url) == repo.address]


def needs_repository(job_id: str | None) -> bool:
    """Whether the files of that job come from a repository."""
    query = select(Run.repo_url).join(Job, Job.run_id == Run.id).where(Job.id == job_id)
    return db.session.scalar(query) is not None
