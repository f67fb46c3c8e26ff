"""A zero byte (NUL) is no part of any name, text or value here: PostgreSQL stores none, and no
process can be given one. It is refused at the door, the same with every database."""

import json
import re
from collections.abc import Iterator
from typing import Any

from flask import Flask, abort, request
from werkzeug.datastructures import MultiDict

SENTENCE = "A zero byte (NUL) cannot be part of this: take it out."
# As JSON has to write it. An even number of backslashes before it writes backslashes.
_ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def listen(app: Flask) -> None:
    """Look at the address and the form of every request; bodies of JSON are `json_input`'s."""
    app.before_request(_check)


def in_json(data: bytes) -> str | None:
    """Where a zero byte is in a JSON text, as `body.field.0`; None when there is none."""
    if not _ESCAPED.search(data):
        return None
    try:
        return next(_places(json.loads(data), ()), None)
    except (ValueError, RecursionError):
        return None  # whoever reads it says what is wrong with it


def _check() -> None:
    if "\0" in request.path:
        abort(404)
    # Only pages have forms: what programs send may be a stream that their view reads itself.
    form = request.form if request.blueprint == "pages" else MultiDict[str, str]()
    for items in (request.args, form):
        for name, values in items.lists():
            if "\0" in name or any("\0" in value for value in values):
                abort(400, f"{name[:60]}: {SENTENCE}".replace("\0", "?"))


def _places(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, str) and "\0" in value:
        yield ".".join(path).replace("\0", "?") or "body"
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _places(name, (*path, name[:60]))
            yield from _places(item, (*path, name[:60]))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _places(item, (*path, str(number)))
