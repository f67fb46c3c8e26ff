"""What editors complete workflow files with."""

from flask import Blueprint, Response, jsonify

from webapp.access import allow
from webapp.workflow_files import variables_schema, workflows_schema

schemas = Blueprint("schemas", __name__, url_prefix="/schemas")


@schemas.get("/workflows.json")
@allow("anyone")
def workflows() -> Response:
    """Of `.dstack/workflows.yaml`."""
    return jsonify(workflows_schema())


@schemas.get("/variables.json")
@allow("anyone")
def variables() -> Response:
    """Of `.dstack/variables.yaml`."""
    return jsonify(variables_schema())
