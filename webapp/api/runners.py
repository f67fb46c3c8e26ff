"""Runners, as scripts see them."""

from typing import Annotated

from flask import Response
from pydantic import Field
from sqlalchemy.orm import joinedload

from webapp.access import allow
from webapp.api import api
from webapp.api.describing import Example, describe
from webapp.api.shapes import Runners, answer, runner_shapes
from webapp.api.words import Url
from webapp.engine.states import HEARD_RUNNER
from webapp.engine.states import Runner as Status
from webapp.extensions import db
from webapp.json_input import Query, query_input
from webapp.models.runner import Runner

_SHOWN = (*HEARD_RUNNER, Status.REQUESTED)


class RunnersQuery(Query):
    """Which runners; a repository is read over."""

    repo_url: Url | None = None
    all: Annotated[bool, Field(description="Also those that are lost, offline or ending.")] = False


@api.get("/runners/query")
@allow("token viewer")
@describe(
    query=RunnersQuery,
    answers=Runners,
    examples=[Example("those at work"), Example("all that are not gone", query={"all": "true"})],
)
def query_runners() -> Response:
    """List runners: those that are here or on their way."""
    everyone = query_input(RunnersQuery).all
    which = Runner.status != Status.GONE if everyone else Runner.status.in_(_SHOWN)
    query = db.select(Runner).options(joinedload(Runner.owner)).order_by(Runner.name)
    return answer(Runners(runners=runner_shapes(db.session.scalars(query.where(which)))))
