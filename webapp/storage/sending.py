"""A stored file as an answer: whole or a range of it, never as something a browser would run."""

import re
from typing import BinaryIO
from urllib.parse import quote

from flask import Response, request
from werkzeug.wsgi import FileWrapper

_PIECE = 256 * 1024
# Whatever is in a file, nothing of it runs, loads or frames anything here.
_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


def send(
    file: BinaryIO, *, size: int, sha256: str, name: str, content_type: str | None = None
) -> Response:
    """The open file, closed at the end; `content_type` only of what may be seen in place, anything
    else is downloaded. Raises werkzeug's RequestedRangeNotSatisfiable.
    """
    # Read by the thread of the request: its server would do it in the one that serves everybody.
    answer = Response(FileWrapper(file, _PIECE), direct_passthrough=True)
    answer.content_type = content_type or "application/octet-stream"
    answer.content_length = size
    answer.headers["Content-Disposition"] = disposition(name, inline=content_type is not None)
    answer.headers["Content-Security-Policy"] = _POLICY
    answer.set_etag(sha256)
    try:
        return answer.make_conditional(_asked(), accept_ranges=True, complete_length=size)
    except Exception:
        answer.close()
        raise


def _asked() -> dict[str, object]:
    """The request, without a range that means nothing or is several: then all of it is sent."""
    asked, environ = request.range, dict(request.environ)
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        environ.pop("HTTP_RANGE", None)
    return environ


def disposition(name: str, *, inline: bool = False) -> str:
    """The header for a file of this name, whatever is in it."""
    kind = "inline" if inline else "attachment"
    plain = re.sub(r"[^A-Za-z0-9 ._()+,=@-]", "_", name)
    words = f'{kind}; filename="{plain}"'
    return words if plain == name else f"{words}; filename*=UTF-8''{quote(name, safe='')}"
