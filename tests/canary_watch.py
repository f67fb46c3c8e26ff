"""Whoever tests pages or calls tests on the side that no secret leaks: every secret of such a test
is a canary, and its answers, log lines, database and data directory are looked through.

A secret is whatever an application sealed, what it was given as a bearer token, and what was typed
into a field for passwords and keys. (tests/e2e/canaries looks at real processes.)
"""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from werkzeug.wsgi import ClosingIterator

from webapp.keyring import Keyring

ROOMS = ("agents", "api", "browser", "pages", "published_client", "reference", "security")
SHORTEST = 8  # what is shorter may be anything
# Whose answer is meant to carry which secrets, and why.
MEANT = (
    r"GET /settings/account",  # a person's own token, to be copied
    r"POST /settings/password",  # the same page, when the form is wrong
    r"GET /runners(/changes)?",  # the same, in the four lines that make a runner
    r"POST /settings/(token/regenerate|tokens)",  # a new one
    r"GET /api(/openapi\.json)?",  # its examples, which are in the scene of the tests
    r"POST /agents/v1/jobs/\w+/(secrets|code)",  # to the runner that has the job
)
_FIELDS = re.compile(r"(?<!csrf_)(password|again|token|secret|key|passphrase|value)$")
_KEY_FILES = ("encryption.key", "session.key")


class Watch:
    """`app` for as long as a test has it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.secrets: set[bytes] = set()
        self.leaks: set[tuple[str, bytes]] = set()
        keyring = app.extensions["keyring"]
        heard = _Sealing(keyring.fernet, self.secrets)
        app.extensions["keyring"] = Keyring(keyring.session_key, heard)  # type: ignore[arg-type]
        # Before others refuse the request: what was refused is a secret too.
        app.before_request_funcs.setdefault(None, []).insert(0, self._hear)
        app.after_request(self._look)

    def at_rest(self) -> set[tuple[str, bytes]]:
        """Leaks in the database and the data directory."""
        data: Path = self.app.extensions["settings"].data_dir
        files = [path for path in data.rglob("*") if path.is_file() and path.name not in _KEY_FILES]
        return {(str(path), secret) for path in files for secret in self.found(path.read_bytes())}

    def found(self, text: bytes) -> list[bytes]:
        """Which secrets are in it."""
        return [secret for secret in self.secrets if secret in text]

    def _hear(self) -> None:
        _, _, bearer = request.headers.get("Authorization", "").partition("Bearer ")
        _add(self.secrets, bearer if len(bearer) > 20 else "")
        if request.blueprint != "pages":  # reading a form would take away what a call reads itself
            return
        for name, value in request.form.items():
            if _FIELDS.search(name):
                _add(self.secrets, value)

    def _look(self, response: Response) -> Response:
        place = f"{request.method} {request.path}"
        if any(re.fullmatch(meant, place) for meant in MEANT):
            return response
        self._note(place, str(response.headers).encode())
        if response.is_streamed or response.direct_passthrough:
            content: Any = response.response
            close = getattr(content, "close", lambda: None)
            response.response = ClosingIterator(self._looked(place, content), [close])
        else:
            self._note(place, response.get_data())
        return response

    def _looked(self, place: str, chunks: Any) -> Iterator[bytes]:
        for chunk in chunks:
            self._note(place, chunk if isinstance(chunk, bytes) else chunk.encode())
            yield chunk

    def _note(self, place: str, text: bytes) -> None:
        self.leaks.update((place, secret) for secret in self.found(text))


class Listener(logging.Handler):
    """Log lines of the test; `told` is everything that they said."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[bytes] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(self.format(record).encode("utf-8", "replace"))


class _Sealing:
    """A Fernet whose secrets are remembered."""

    def __init__(self, fernet: Any, secrets: set[bytes]) -> None:
        self._fernet, self._secrets = fernet, secrets
        self.decrypt, self.rotate = fernet.decrypt, fernet.rotate

    def encrypt(self, plain: bytes) -> bytes:
        for text in _parts(plain.decode("utf-8", "surrogatepass")):
            _add(self._secrets, text)
        return bytes(self._fernet.encrypt(plain))


def _parts(text: str) -> list[str]:
    """What of a sealed text is a secret by itself."""
    if text.startswith("#!"):  # user data: the token in it is heard when it is used
        return []
    try:
        of_repository = json.loads(text)
    except ValueError:
        return [text]
    if not isinstance(of_repository, dict):
        return [text]
    return [str(value) for name, value in of_repository.items() if name != "user_name"]


def _add(secrets: set[bytes], text: str) -> None:
    if len(text) >= SHORTEST:
        secrets.add(text.encode("utf-8", "surrogatepass"))
