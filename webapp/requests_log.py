"""One line a request, with an id that the answer carries too. Query strings stay out: they may
hold a one-time link."""

import json
import logging
import logging.config
import secrets
import time

from flask import Flask, Response, g, request

log = logging.getLogger("webapp.request")

# Machines that wait and pages that refresh themselves: a line each would drown all others.
_QUIET = ("agents.poll", "agents.heartbeat", "agents.log", "pages.tail", "static")


def listen(app: Flask) -> None:
    """Log every request of this application."""
    app.before_request(_begin)
    app.after_request(_end)


def configure_logging(level: str, form: str) -> None:
    """Set up the root logger: `form` is text (key=value) or json."""
    formatter = {"()": JsonLines if form == "json" else TextLines}
    handler = {"class": "logging.StreamHandler", "formatter": "lines"}
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"lines": formatter},
            "handlers": {"stderr": handler},
            "root": {"level": level.upper(), "handlers": ["stderr"]},
            "loggers": {
                # It warns of each run that is not begun because the one before it still runs.
                "apscheduler": {"level": "ERROR"},
                "alembic": {"level": "WARNING"},
                "waitress": {"level": "WARNING"},
                "waitress.queue": {"level": "ERROR"},  # a line for each request while all are busy
                "botocore": {"level": "WARNING"},
            },
        }
    )


class TextLines(logging.Formatter):
    """`2026-01-01T00:00:00.000Z info webapp.request method=GET path=/runs …`"""

    converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        """One line; only a traceback takes more."""
        stamp = self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03d}Z"
        line = f"{stamp} {record.levelname.lower()} {record.name} {record.getMessage()}"
        for name, value in getattr(record, "fields", {}).items():
            line += f" {name}={_quoted(value)}"
        return line + ("\n" + self.formatException(record.exc_info) if record.exc_info else "")


class JsonLines(TextLines):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, tracebacks included."""
        stamp = self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03d}Z"
        row = {"at": stamp, "level": record.levelname.lower(), "logger": record.name}
        row["message"] = record.getMessage()
        row |= getattr(record, "fields", {})
        if record.exc_info:
            row["traceback"] = self.formatException(record.exc_info)
        return json.dumps(row, default=str)


def _begin() -> None:
    g.request_id = secrets.token_hex(6)
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    request_id = g.get("request_id", "-")
    response.headers["Request-Id"] = request_id
    quiet = request.endpoint in _QUIET or response.status_code == 204
    level = logging.DEBUG if quiet else logging.INFO
    if log.isEnabledFor(level):
        log.log(level, "request", extra={"fields": _fields(response, request_id)})
    return response


def _fields(response: Response, request_id: str) -> dict[str, object]:
    took = (time.perf_counter() - g.get("began", time.perf_counter())) * 1000
    return {
        "method": request.method,
        "path": request.path,
        "status": response.status_code,
        "ms": round(took, 1),
        "id": request_id,
        "who": g.get("who_calls", "-"),
        "from": request.remote_addr or "-",
    }


def _quoted(value: object) -> str:
    text = str(value)
    # A path may hold anything: nothing of it may look like a second line or a second field.
    return text if text.isascii() and text.isprintable() and " " not in text else json.dumps(text)
