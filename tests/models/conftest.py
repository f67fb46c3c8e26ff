"""Runs and runners made straight in the books."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from flask import Flask

from tests.models.linked import spec
from tests.people import TESTS
from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.engine.states import Runner as Status
from webapp.extensions import db
from webapp.models.newcomers import add_self_hosted_runner
from webapp.models.run import run_named
from webapp.models.runner import Runner
from webapp.models.submission import submit_run
from webapp.models.transaction import writing


class Submitted(NamedTuple):
    """A run and the ids of its jobs."""

    name: str
    jobs: list[str]


@pytest.fixture
def submit(people) -> Callable[..., Submitted]:
    """Submit these JobSpecs, or one job of `true`, as a run of max."""

    def call(*jobs: JobSpec, **words: Any) -> Submitted:
        with writing():
            specs = jobs or [JobSpec("true")]
            name = submit_run(TESTS, people["member"].id, specs, now(), **words)
        return Submitted(name, [job.id for job in run_named(name).jobs])

    return call


@pytest.fixture
def add_runner(app: Flask) -> Callable[..., str]:
    """A live runner with 4 processors; answers its id. `columns` are those of Runner."""

    def call(name: str = "box", **columns: Any) -> str:
        facts = {"cpu_milli": 4000, "memory_mib": 8000, "last_seen_at": now(), **columns}
        with writing():
            runner = add_self_hosted_runner(
                TESTS, "for a test", now(), credential=name, name=name, machine_id=None
            )
            # As if its agent had started: the agents' API has tests of its own for that.
            values = {"status": Status.LIVE, **facts}
            db.session.execute(db.update(Runner).where(Runner.id == runner.id).values(**values))
        return runner.id

    return call


@pytest.fixture
def box(add_runner: Callable[..., str]) -> str:
    """Id of a live runner called box-1."""
    return add_runner("box-1")


@pytest.fixture
def chain(submit: Callable[..., Submitted]) -> Submitted:
    """prepare → train → report"""
    return submit(spec("prepare"), spec("train", 0), spec("report", 1))
