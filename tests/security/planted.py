"""Every kind of secret that this server keeps, planted, and where it must not be found again."""

from flask import Flask

from tests.agents.machine import AgentPeer
from tests.people import NAMES, PASSWORD, TESTS, token
from tests.reference.scene import build
from webapp.clock import now
from webapp.engine.repository_access import Credentials
from webapp.models.aws_account import Keys, set_keys
from webapp.models.repo_changes import keep_repo, propose_repo
from webapp.models.scoped_token import add_token
from webapp.models.secret import set_secret
from webapp.models.transaction import writing
from webapp.models.user import user_named

KEYS = Keys("AKIAPLANTEDPLANTED01", "pl4nted-aws-secret-key-of-40-characters0", "pl4nted-session")
URL = "https://git.example.org/planted.git"


def plant(app: Flask) -> dict[str, str]:
    """What it is -> its plain text; people, runs, jobs and a machine are there afterwards."""
    build(app)
    machine = AgentPeer(app, "ef" * 32).register(name="planted-box").start()
    max_ = user_named("max")
    with writing():
        set_keys(TESTS, KEYS, now())
        set_secret(TESTS, "PLANTED", "pl4nted-secret-of-jobs", now())
        keep_repo(TESTS, max_.id, URL, Credentials(token="pl4nted-repo-token"), "", now())
        propose_repo(TESTS, max_.id, URL, Credentials(token="pl4nted-new-repo-token"), now())
        scoped = add_token(TESTS, max_, "planted", "read", now())
    return {
        "password": PASSWORD,
        "AWS key id": KEYS.access_key_id or "",
        "AWS secret key": KEYS.secret_access_key or "",
        "AWS session token": KEYS.session_token or "",
        "secret": "pl4nted-secret-of-jobs",
        "repository token": "pl4nted-repo-token",
        "proposed repository token": "pl4nted-new-repo-token",
        "scoped token": scoped,
        "credential of a runner": machine.credential,
        **{f"token of {name}": token(role) for role, name in NAMES.items()},
    }
