"""The address at which machines and people reach this server."""

import ipaddress

from flask import current_app, has_request_context, request


def public_url() -> str:
    """PUBLIC_URL, or else the address this request came to; without a slash at the end."""
    settings = current_app.extensions["settings"]
    if settings.public_url:
        return settings.public_url
    if has_request_context():
        return request.url_root.rstrip("/")
    return listening_url(settings)


def is_loopback(host: str) -> bool:
    """Whether this name leads back to the machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def listening_url(settings) -> str:
    """The address that a person on this machine can open."""
    if settings.public_url:
        return settings.public_url
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "") else settings.host  # noqa: S104
    return f"http://{host}:{settings.port}"
