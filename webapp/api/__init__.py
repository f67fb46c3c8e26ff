"""For scripts and the dstack client: bearer token of a person, JSON only."""

from flask import Blueprint

api = Blueprint("api", __name__, url_prefix="/api")

from webapp.api import (  # noqa: E402 - the routes hang themselves on the blueprint
    aws,
    bearer,
    jobs,
    logs,
    on_demand,
    practice,
    runners,
    runs,
    submit,
)

__all__ = [
    "api",
    "aws",
    "bearer",
    "jobs",
    "logs",
    "on_demand",
    "practice",
    "runners",
    "runs",
    "submit",
]
