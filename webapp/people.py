"""Sessions of people: who is logged in, and the guard of every page."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, redirect, request, url_for
from flask_login import current_user

from webapp.access import guard
from webapp.engine.states import Actor
from webapp.extensions import login_manager
from webapp.models.event import Who
from webapp.models.user import anybody, user_of_session


def listen(app: Flask) -> None:
    """Tell the login library how to find a person."""
    login_manager.user_loader(user_of_session)
    login_manager.session_protection = None  # it would bind a session to an address; people move


def me() -> Who:
    """The person of this request, as an actor."""
    return Who(Actor.PERSON, current_user.name)


@guard("viewer", "member", "admin")
def _check_role(role: str) -> Response | None:
    if not current_user.is_authenticated:
        return _to_login()
    if not current_user.may(role):
        abort(403)
    return None


def _to_login() -> Response:
    if not anybody():
        return redirect(url_for("pages.setup"), 303)
    if request.headers.get("HX-Request"):
        # A page that polls in the background goes to the login as a whole.
        here = urlsplit(request.headers.get("HX-Current-URL", "/")).path
        return Response(status=401, headers={"HX-Redirect": url_for("pages.login", next=here)})
    here = request.path if request.method == "GET" else "/"
    return redirect(url_for("pages.login", next=here), 303)
