"""Calling until there is an answer: the one place that knows what to repeat."""

from __future__ import annotations

import logging
from typing import Any, Callable, TypeVar

from runner_client.backoff import Backoff
from runner_client.channel import ANSWER_SECONDS, Refused, Unreachable
from runner_client.contact import Contact
from runner_client.session import Session

Answer = TypeVar("Answer")

_log = logging.getLogger("server")

_ADVICE = {
    "unknown_credential": "this runner is not known there any more: run dstack-runner config again",
    "runner_removed": "this runner was removed: run dstack-runner config again to add it anew",
    "protocol": "the server speaks another version: run the installer again",
}


class Over(Exception):
    """The session ended while the call waited; nobody needs the answer any more."""


class Caller:
    """One connection with its back-off. Every call of the protocol may be repeated."""

    def __init__(self, session: Session, contact: Contact) -> None:
        self._session, self._contact = session, contact
        self._backoff = Backoff()
        self.channel = session.channel()

    def call(self, path: str, body: Callable[[], Any], timeout: float = ANSWER_SECONDS) -> dict:
        """The answer, however long it takes; `body` is asked anew for each try.

        Raises Over when the session ends, Refused when the call itself is at fault (`old_attempt`,
        `too_large`, `bad_request`…), Interrupted.
        """
        return self._until_answered(lambda: self.channel.call(path, body(), timeout))

    def fetch(self, path: str, body: Callable[[], Any], timeout: float = ANSWER_SECONDS) -> bytes:
        """As `call`, for an answer that is raw bytes."""
        return self._until_answered(lambda: self.channel.fetch(path, body(), timeout))

    def _until_answered(self, call: Callable[[], Answer]) -> Answer:
        while not self._session.is_over:
            try:
                answer = call()
            except Unreachable as error:
                self._contact.failed(error)
                self._session.wait(self._backoff.next())
            except Refused as error:
                self._session.wait(self._seconds_after(error))
            else:
                self._contact.succeeded()
                self._backoff.succeeded()
                return answer
        raise Over

    def _seconds_after(self, error: Refused) -> float:
        if error.code in (Session.CLONE, Session.TAKEN_OVER):
            self._session.end(error.code)
            raise Over
        if error.code not in _ADVICE:
            self._contact.succeeded()
            raise error
        self._contact.failed(Unreachable("%s (%s)" % (error, _ADVICE[error.code])))
        return self._backoff.slow()
