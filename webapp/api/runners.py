"""Runners, as scripts see them."""

from flask import Response, jsonify, request
from sqlalchemy.orm import joinedload

from webapp.access import allow
from webapp.api import api
from webapp.api.shapes import runner_shape
from webapp.engine.states import HEARD_RUNNER
from webapp.engine.states import Runner as Status
from webapp.extensions import db
from webapp.models.runner import Runner


@api.get("/runners/query")
@allow("token viewer")
def query_runners() -> Response:
    """Those that are here or on their way; with `all=1` everyone that is not gone."""
    shown = (*HEARD_RUNNER, Status.REQUESTED)
    everyone = request.args.get("all") == "1"
    which = Runner.status != Status.GONE if everyone else Runner.status.in_(shown)
    query = db.select(Runner).options(joinedload(Runner.owner)).order_by(Runner.name)
    found = db.session.scalars(query.where(which))
    rows = [runner_shape(row, row.owner.name if row.owner else None) for row in found]
    return jsonify(runners=rows)
