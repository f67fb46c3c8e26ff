"""The address without a path."""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from webapp.access import allow
from webapp.pages import pages


@pages.get("/")
@allow("viewer")
def home() -> Response:
    """Runs are what people come for."""
    return redirect(url_for("pages.runs"), 303)
