"""For people: HTML only, a session for everything but the way in."""

from flask import Blueprint

pages = Blueprint("pages", __name__)

# The routes hang themselves on the blueprint.
from webapp.pages import (  # noqa: E402
    account,
    aws,
    aws_keys,
    aws_switch,
    drawing,
    home,
    limits,
    limits_add,
    login,
    members,
    money,
    practice,
    practice_rehearse,
    run,
    run_actions,
    run_log,
    run_workflow,
    runner,
    runner_actions,
    runners,
    runs,
    secrets,
    setup,
    strangers,
)

__all__ = [
    "account",
    "aws",
    "aws_keys",
    "aws_switch",
    "drawing",
    "home",
    "limits",
    "limits_add",
    "login",
    "members",
    "money",
    "pages",
    "practice",
    "practice_rehearse",
    "run",
    "run_actions",
    "run_log",
    "run_workflow",
    "runner",
    "runner_actions",
    "runners",
    "runs",
    "secrets",
    "setup",
    "strangers",
]
