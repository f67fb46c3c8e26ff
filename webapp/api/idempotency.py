"""`Idempotency-Key`: a submission that is sent again, because its answer was lost, is not made
again."""

import re
from collections.abc import Callable

from flask import g, request

from webapp.clock import now
from webapp.errors import Refused
from webapp.models.idempotency import KeyReused, answered_before, only_once
from webapp.models.transaction import writing

HEADER = "Idempotency-Key"
#: For the description of a call that takes one.
HEADERS = {
    HEADER: "Any text of your own, at most 100 characters. The same one with the same body makes "
    "nothing new for 24 hours and is answered as it was."
}
REUSED = {422: f"This `{HEADER}` came with another body before."}
_KEY = re.compile(r"[!-~]{1,100}")


def once(asked: str, prepare: Callable[[], Callable[[], str]]) -> str:
    """The name or id of what was made, in this request or in the first one with its key, which
    asked for the same.

    `prepare` reads and checks, which may take a while; what it answers is called in a transaction
    and makes it. Raises Refused for a key that is none or came with something else.
    """
    key = _key()
    if key is None:
        make = prepare()
        with writing():
            return make()
    user_id, asked = g.user.id, f"{request.endpoint} {asked}"
    try:
        known = answered_before(user_id, key, asked, now())
        if known:
            return known
        make = prepare()
        with writing():
            return only_once(user_id, key, asked, now(), make)
    except KeyReused:
        sentence = f"This {HEADER} came with another body before: take a new one."
        raise Refused(422, "key_reused", sentence, {HEADER: sentence}) from None


def _key() -> str | None:
    key = request.headers.get(HEADER)
    if key is not None and not _KEY.fullmatch(key):
        sentence = "Give 1 to 100 printable characters without spaces."
        raise Refused(400, "bad_request", f"{HEADER}: {sentence}", {HEADER: sentence})
    return key
