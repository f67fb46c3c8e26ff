"""The secrets of a job, for the runner that has it and for nobody else."""

from flask import Response, jsonify

from webapp.access import allow
from webapp.agents import agents
from webapp.agents.open_attempt import OfAttempt, open_attempt
from webapp.json_input import json_input
from webapp.models.secret import secret_values


@agents.post("/jobs/<job_id>/secrets")
@allow("runner")
def secrets(job_id: str) -> Response:
    """Name -> value of all of them."""
    open_attempt(job_id, json_input(OfAttempt).attempt)
    return jsonify(secrets=secret_values())
