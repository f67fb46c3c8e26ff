"""The API described: an OpenAPI document, and a page to read, both made from what stands beside
the views of `webapp.api`."""

from flask import Blueprint

reference = Blueprint("reference", __name__)

# The routes hang themselves on the blueprint.
from webapp.reference import document, page  # noqa: E402

__all__ = ["document", "page", "reference"]
