"""Files in pieces of raw bytes: an answer is held in memory on both sides."""

from collections.abc import Callable

from flask import Response
from pydantic import Field

from webapp.agents.open_attempt import OfAttempt

PIECE = 4 * 1024 * 1024


class OfPiece(OfAttempt):
    """From which byte on."""

    offset: int = Field(ge=0, le=2**62)


def piece(read: Callable[[int], bytes]) -> Response:
    """What `read` gives when it is told how many bytes there may be; nothing: that was the end."""
    return Response(read(PIECE), mimetype="application/octet-stream")
