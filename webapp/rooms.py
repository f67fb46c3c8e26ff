"""Which rooms the application has."""

from flask import Flask

from webapp import cli
from webapp.agents import agents
from webapp.api import api
from webapp.extensions import csrf, limiter
from webapp.health import health
from webapp.install import install_blueprint
from webapp.pages import pages
from webapp.reference import reference
from webapp.schemas import schemas


def register_rooms(app: Flask) -> None:
    """Hang every blueprint and command on the application."""
    for blueprint in (pages, api, reference, agents, install_blueprint, health, schemas):
        app.register_blueprint(blueprint)
    for machine_room in (api, agents):
        csrf.exempt(machine_room)  # no cookie is looked at there
    limiter.exempt(agents)
    cli.register(app)
