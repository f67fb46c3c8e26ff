"""The server: pages for people, an API for scripts, an API for runners, and a scheduler."""

import os
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp import (
    access,
    body_size,
    database,
    errors,
    headers,
    host_names,
    models,
    people,
    requests_log,
    turnstile,
    waits,
    wakeups,
    zero_bytes,
)
from webapp.clock import system_clock
from webapp.config import Settings, load
from webapp.extensions import csrf, db, htmx, limiter, login_manager, migrate
from webapp.keyring import load_keyring
from webapp.models import heartbeats
from webapp.rooms import register_rooms

__all__ = ["create_app", "models"]


def create_app(settings: Settings | None = None, clock: Callable[[], int] = system_clock) -> Flask:
    """The application, wired; the only place that wires.

    `clock` answers epoch milliseconds. Raises ConfigurationError when a setting is wrong. The
    database is not touched here: `webapp.start.prepare` migrates and checks it.
    """
    settings = settings or load(os.environ)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    app = Flask(__name__)
    app.extensions.update(settings=settings, clock=clock, keyring=load_keyring(settings))
    app.config.update(_flask_settings(app, settings))
    app.url_map.strict_slashes = False  # the published client puts one at the end
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    for extension in (db, login_manager, csrf, htmx, limiter):
        extension.init_app(app)
    migrate.init_app(app, db)
    parts = (
        database,
        requests_log,
        body_size,
        host_names,
        access,
        zero_bytes,
        people,
        headers,
        errors,
    )
    for part in (*parts, wakeups, heartbeats, turnstile, waits):
        part.listen(app)
    register_rooms(app)
    return app


def _flask_settings(app: Flask, settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": app.extensions["keyring"].session_key,
        "SQLALCHEMY_DATABASE_URI": settings.database,
        "SQLALCHEMY_ENGINE_OPTIONS": database.engine_options(settings.database),
        "SESSION_COOKIE_NAME": "runners_session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.behind_tls,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=14),
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session itself
        "WTF_CSRF_SSL_STRICT": settings.behind_tls,
        "RATELIMIT_HEADERS_ENABLED": True,
        "MAX_CONTENT_LENGTH": 16 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "TEMPLATES_AUTO_RELOAD": False,
    }
