"""Runners, as scripts see them."""

from flask import Response, jsonify
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
    """Those that are here or on their way."""
    shown = (*HEARD_RUNNER, Status.REQUESTED)
    query = db.select(Runner).options(joinedload(Runner.owner)).order_by(Runner.name)
    found = db.session.scalars(query.where(Runner.status.in_(shown)))
    rows = [runner_shape(row, row.owner.name if row.owner else None) for row in found]
    return jsonify(runners=rows)
