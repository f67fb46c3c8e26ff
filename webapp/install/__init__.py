"""What a new machine fetches: the installer and the agent."""

import shlex

from flask import Blueprint, Response, render_template, request

from webapp.access import allow
from webapp.install.archive import NAME, archive
from webapp.public_url import public_url

install_blueprint = Blueprint("install", __name__)


@install_blueprint.get("/runner")
@allow("anyone")
def installer() -> Response:
    """The installer, with the address of this server in it."""
    # Quoted for a shell: without PUBLIC_URL the address is what the caller says it is.
    script = render_template("install/installer.sh", server=shlex.quote(public_url()), name=NAME)
    return Response(script, mimetype="text/x-shellscript")


@install_blueprint.get(f"/runner/{NAME}")
@allow("anyone")
def agent() -> Response:
    """The agent, one zip application."""
    built = archive()
    response = Response(built.content, mimetype="application/zip")
    response.set_etag(built.digest)
    return response.make_conditional(request)


@install_blueprint.get(f"/runner/{NAME}.sha256")
@allow("anyone")
def digest() -> Response:
    """The digest of the agent, as `sha256sum` prints it."""
    return Response(f"{archive().digest}  {NAME}\n", mimetype="text/plain")
