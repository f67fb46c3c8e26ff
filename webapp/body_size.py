"""How large the body of a request may be, where that is more than usual.

Said beside the view, and set before anything reads the body: the check of forms is the first to.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

View = TypeVar("View", bound=Callable[..., Any])
_BESIDE_IT = 1024 * 1024  # the other fields of a form


def takes_archive(view: View) -> View:
    """Mark a view whose body may hold an archive, as large as ARCHIVE_MAXIMUM."""
    view.takes_archive = True  # type: ignore[attr-defined]
    return view


def listen(app: Flask) -> None:
    """Set the limit of every request of this application."""
    app.url_value_preprocessor(_set_limit)


def _set_limit(endpoint: str | None, _values: Any) -> None:
    view = current_app.view_functions.get(endpoint or "")
    if getattr(view, "takes_archive", False):
        maximum = current_app.extensions["settings"].archive_maximum
        request.max_content_length = maximum + _BESIDE_IT
