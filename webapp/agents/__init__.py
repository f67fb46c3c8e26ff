"""For runners: what docs/agent-protocol.md describes. Bearer credential of one runner, JSON."""

from flask import Blueprint

agents = Blueprint("agents", __name__, url_prefix="/agents/v1")

from webapp.agents import (  # noqa: E402 - the routes hang themselves on the blueprint
    artifacts,
    blobs,
    bundles,
    code,
    credential,
    heartbeat,
    inputs,
    log,
    newcomers,
    poll,
    reports,
    secrets,
    start,
    stop,
)

__all__ = [
    "agents",
    "artifacts",
    "blobs",
    "bundles",
    "code",
    "credential",
    "heartbeat",
    "inputs",
    "log",
    "newcomers",
    "poll",
    "reports",
    "secrets",
    "start",
    "stop",
]
