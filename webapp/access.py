"""Who may call what: every route says it, and a route that says nothing is refused.

`@allow("member")` above a view names its audience. For each audience some room registers a guard,
a function that returns None to let the request pass or a response that refuses it.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request

View = TypeVar("View", bound=Callable[..., Any])
Guard = Callable[[str], Any]

AUDIENCES = (
    "anyone",
    "viewer",  # people with a session, by role
    "member",
    "admin",
    "token viewer",  # scripts with a person's token, by that person's role
    "token member",
    "token admin",
    "newcomer",  # an agent with a token, not yet a credential
    "runner",  # an agent with its credential
    "metrics",
)

_guards: dict[str, Guard] = {"anyone": lambda audience: None}


def allow(audience: str) -> Callable[[View], View]:
    """Mark a view with the one audience that may call it; each role includes the lower ones."""
    if audience not in AUDIENCES:
        raise ValueError(f"unknown audience {audience!r}")

    def mark(view: View) -> View:
        view.audience = audience  # type: ignore[attr-defined]
        return view

    return mark


def guard(*audiences: str) -> Callable[[Guard], Guard]:
    """Register the function that checks these audiences."""

    def keep(check: Guard) -> Guard:
        _guards.update(dict.fromkeys(audiences, check))
        return check

    return keep


def audience_of(app: Flask, endpoint: str) -> str | None:
    """The audience that an endpoint states, None when it states none."""
    return getattr(app.view_functions[endpoint], "audience", None)


def listen(app: Flask) -> None:
    """Check every request of this application."""
    app.view_functions["static"] = allow("anyone")(app.view_functions["static"])
    app.before_request(_check)


def _check() -> Any:
    if request.endpoint is None:
        return None  # the router has already answered 404 or 405
    audience = audience_of(current_app, request.endpoint)
    if audience is None:
        abort(403)
    return _guards[audience](audience)
