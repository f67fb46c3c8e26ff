"""What is told when something is wrong: a page to people, JSON to programs."""

import logging

from flask import Flask, Response, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from webapp.extensions import db
from webapp.trouble import AGAIN_SECONDS, Trouble, trouble_of

log = logging.getLogger(__name__)

_WORDS = {
    400: ("bad_request", "This request cannot be understood."),
    401: ("not_logged_in", "Log in first."),
    403: ("not_allowed", "Your role does not allow this."),
    404: ("not_found", "There is nothing at this address."),
    405: ("wrong_method", "This address does not answer to that method."),
    413: ("too_large", "That is more than this server takes at once."),
    429: ("too_many", "Too many tries. Wait a little and try again."),
    503: ("unavailable", "The server cannot do this now. Try again in a moment."),
}
_TOO_OLD = (
    "This page was open for too long, or the browser sent no cookie. Reload it and try again."
)


class Refused(Exception):
    """An answer in JSON that a program can branch on.

    `code` is one word, `fields` maps a wrong field to what was expected, `extra` is merged in;
    `headers` may be added to.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        fields: dict[str, str] | None = None,
        **extra: object,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers: dict[str, str] = {}
        self.body = {"message": message, "code": code, **extra}
        if fields:
            self.body["fields"] = fields


def bad_content(error: ValidationError) -> Refused:
    """The refusal that names every wrong field; the values themselves stay out of it."""
    problems = error.errors(include_input=False, include_url=False, include_context=False)
    fields = {".".join(map(str, p["loc"])) or "body": p["msg"] for p in problems[:20]}
    first = next(iter(fields.items()))
    return Refused(400, "bad_request", f"{first[0]}: {first[1]}", fields)


def listen(app: Flask) -> None:
    """Answer every error of this application."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, lambda error: _answer(400, _TOO_OLD))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _refused(refused: Refused):
    return jsonify(refused.body), refused.status, refused.headers


def _http(error: HTTPException):
    if error.code is None or error.code < 400:
        return error
    own_words = error.description if error.description != type(error).description else None
    answer, status = _answer(error.code, own_words)
    headers = [pair for pair in error.get_headers() if pair[0] in ("Allow", "Retry-After")]
    return answer, status, headers


def _unexpected(error: Exception):
    trouble = trouble_of(error)
    if trouble:
        return _in_trouble(trouble)
    log.exception("unexpected error")
    return _drawn_or_said(500, "Something went wrong on the server. It has been logged.")


def _in_trouble(trouble: Trouble):
    # One of our own readers that tries to write looks like a read-only database: with its place.
    log.warning("%s (%s)", trouble.sentence, request.endpoint, exc_info=not trouble.passing)
    answer, status = _drawn_or_said(503, trouble.sentence)
    return answer, status, {"Retry-After": str(AGAIN_SECONDS)} if trouble.passing else {}


def _drawn_or_said(status: int, sentence: str):
    try:
        db.session.rollback()  # the page asks the database too, and this transaction may be broken
        return _answer(status, sentence)
    except Exception as error:  # the page itself cannot be drawn, e.g. without a database
        known = trouble_of(error) is not None
        log.warning("the page that says so cannot be drawn", exc_info=not known)
        return Response(sentence, status, content_type="text/plain"), status


def _answer(status: int, sentence: str | None):
    code, default = _WORDS.get(status, ("error", "This cannot be done."))
    sentence = sentence or default
    if request.path.startswith(("/api/", "/agents/")):
        return jsonify(message=sentence, code=code), status
    return render_template("error.html", status=status, sentence=sentence), status
