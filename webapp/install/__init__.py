"""What a new machine fetches: the installer and the agent."""

from flask import Blueprint

install_blueprint = Blueprint("install", __name__)
