"""For people: HTML only, a session for everything but the way in."""

from flask import Blueprint

pages = Blueprint("pages", __name__)

# The routes hang themselves on the blueprint.
from webapp.pages import (  # noqa: E402
    account,
    drawing,
    home,
    login,
    run,
    run_actions,
    run_log,
    run_workflow,
    runner,
    runner_actions,
    runners,
    runs,
    setup,
)

__all__ = [
    "account",
    "drawing",
    "home",
    "login",
    "pages",
    "run",
    "run_actions",
    "run_log",
    "run_workflow",
    "runner",
    "runner_actions",
    "runners",
    "runs",
    "setup",
]
