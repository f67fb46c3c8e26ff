"""A machine with an agent, work for it, and polls that do not wait long."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from flask import Flask

from tests.agents.machine import AgentPeer
from tests.people import TESTS
from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.models.run import run_named
from webapp.models.submission import submit_run
from webapp.models.transaction import writing


class Submitted(NamedTuple):
    """A run and the ids of its jobs."""

    name: str
    jobs: list[str]


@pytest.fixture(autouse=True)
def short_polls(app: Flask) -> None:
    """A poll that finds nothing ends after 50 ms."""
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"poll_seconds": 0.05})


@pytest.fixture
def machine(app: Flask, people) -> AgentPeer:
    """A runner that is live and idle: 4 processors, 16,000 MiB."""
    return AgentPeer(app).register().start()


@pytest.fixture
def submit(people) -> Callable[..., Submitted]:
    """Submit these JobSpecs, or one job of `true`, as a run of max."""
    member = people["member"].id  # requests end the session that the row belongs to

    def call(*jobs: JobSpec) -> Submitted:
        with writing():
            name = submit_run(TESTS, member, jobs or [JobSpec("true")], now())
        return Submitted(name, [job.id for job in run_named(name).jobs])

    return call


@pytest.fixture
def job(machine: AgentPeer, submit) -> str:
    """A job that the machine holds as its first attempt."""
    submit(JobSpec("make all", retries=1))
    (payload,) = machine.poll()["jobs"]
    return payload["job"]
