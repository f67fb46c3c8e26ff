"""Pages are answered only under names of this server. Programs send a secret with every request,
which no foreign web page has; what they call the server is their own affair."""

from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request

from webapp.config import Settings
from webapp.engine.host_names import is_ours
from webapp.public_url import is_loopback


def listen(app: Flask) -> None:
    """Look at every request of this application."""
    app.before_request(_check)


def open_to_any_name(settings: Settings) -> str | None:
    """One sentence when this server cannot know by which name it is meant."""
    if settings.public_url or is_loopback(settings.host):
        return None
    return (
        "PUBLIC_URL is not set, so pages are answered under any name, also one by which a foreign "
        "web page leads here (DNS rebinding): set it to the address at which people open it."
    )


def _check() -> None:
    settings = current_app.extensions["settings"]
    public = urlsplit(settings.public_url).hostname if settings.public_url else None
    if request.blueprint != "pages" or is_ours(request.host, public, is_loopback(settings.host)):
        return
    if public:
        abort(421, f"This server is {settings.public_url}: open it there. (PUBLIC_URL names it.)")
    abort(421, "Set PUBLIC_URL to the address at which people open this server.")
