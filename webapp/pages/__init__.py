"""For people: HTML only, a session for everything but the way in."""

from flask import Blueprint

pages = Blueprint("pages", __name__)
