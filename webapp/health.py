"""Is it alive, is it ready, and how much is there of everything."""

import hmac
import sqlite3

from flask import Blueprint, Response, abort, current_app, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from webapp.access import allow, guard
from webapp.clock import now
from webapp.extensions import db
from webapp.models.job import Job
from webapp.models.lease import LEADER, lease_until
from webapp.models.queue import WAITS
from webapp.models.runner import Runner

health = Blueprint("health", __name__)


@health.get("/healthz")
@allow("anyone")
def alive() -> Response:
    """The process answers."""
    return jsonify(status="alive")


@health.get("/readyz")
@allow("anyone")
def ready() -> tuple[Response, int]:
    """The database answers and some scheduler leads: 200, otherwise 503 and what is missing."""
    try:
        db.session.execute(text("SELECT 1"))
        scheduler = "fresh" if lease_until(LEADER) > now() else _no_leader()
        database = "ok"
    except (SQLAlchemyError, sqlite3.Error) as error:  # a transaction begins in the driver
        database, scheduler = type(error).__name__, "unknown"
    good = database == "ok" and scheduler == "fresh"
    return jsonify(database=database, scheduler=scheduler), 200 if good else 503


def _no_leader() -> str:
    """Whoever leads writes every few seconds: also a database that can only be read shows here."""
    trouble = current_app.extensions.get("lease_trouble")
    return f"no leader: {trouble}" if trouble else "no leader"


@health.get("/metrics")
@allow("metrics")
def metrics() -> Response:
    """Counts in Prometheus' text format."""
    registry = CollectorRegistry()
    for name, what, table in (("runners", "Runners", Runner), ("jobs", "Jobs", Job)):
        gauge = Gauge(f"dstack_{name}", f"{what} by status", ["status"], registry=registry)
        query = select(table.status, func.count()).group_by(table.status)
        for status, count in db.session.execute(query):
            gauge.labels(status).set(count)
    oldest = select(func.min(Job.queued_at)).where(*WAITS)
    since = db.session.scalar(oldest)
    age = Gauge("dstack_oldest_waiting_job_seconds", "Age of the queue", registry=registry)
    age.set(0 if since is None else (now() - since) / 1000)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


@guard("metrics")
def _check_metrics_token(audience: str) -> None:
    wanted = current_app.extensions["settings"].metrics_token
    if not wanted:
        abort(403, "Set METRICS_TOKEN and send it as a bearer token to read the metrics.")
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {wanted}".encode()):
        abort(403, "Send the METRICS_TOKEN as a bearer token.")
