"""What tests of pages begin with: a machine, runs, and words of a page."""

import re
from html import unescape
from typing import NamedTuple

from flask import Flask
from sqlalchemy import select

from tests.agents.machine import AgentPeer
from tests.people import TESTS
from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.extensions import db
from webapp.models.job import Job
from webapp.models.run import run_named
from webapp.models.submission import submit_run
from webapp.models.transaction import writing
from webapp.models.user import user_named


def machine(app: Flask, number: int = 1, **facts) -> AgentPeer:
    """A live self-hosted runner of max."""
    return AgentPeer(app, f"{number:02x}" * 32).register(name=f"box-{number}").start(**facts)


class Submitted(NamedTuple):
    """A run, as plain values: requests of a test end the session that rows belong to."""

    id: int
    name: str


def submitted(*jobs: JobSpec, **about) -> Submitted:
    """A run of max."""
    with writing():
        specs = list(jobs) or [JobSpec("echo hello")]
        name = submit_run(TESTS, user_named("max").id, specs, now(), **about)
    return Submitted(run_named(name).id, name)


def jobs_of(run: Submitted) -> list[Job]:
    """Its jobs as they are now."""
    db.session.expire_all()
    return list(db.session.scalars(select(Job).where(Job.run_id == run.id).order_by(Job.position)))


def text_of(answer) -> str:
    """The words of a page, without its markup."""
    body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", answer.text, flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def poll_of(answer) -> str:
    """The address that a page polls."""
    found = re.search(r'id="poll" hx-get="([^"]+)"', answer.text)
    assert found, "the page does not poll"
    return found[1].replace("&amp;", "&")


def tail_of(answer) -> str:
    """The address that goes on reading the log."""
    found = re.search(r'id="log-end" hx-get="([^"]+)"', answer.text)
    assert found, "the log does not go on"
    return found[1].replace("&amp;", "&")
