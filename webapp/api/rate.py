"""How often a token may call: counted in this process, by a window that slides."""

import math
import time

from flask import current_app
from limits import RateLimitItem, parse_many

from webapp.api.window import SlidingWindow
from webapp.errors import Refused

_Rates = list[tuple[RateLimitItem, SlidingWindow]]


def count_call(token_id: int) -> None:
    """Raise Refused (429), which says when to come back, for one call too many."""
    for item, window in _rates():
        if wait := window.wait(token_id, time.monotonic()):
            raise _too_many(item, wait)


def _rates() -> _Rates:
    # The storage of the library that reads the setting starts a thread for nearly every call.
    kept = current_app.extensions
    if "api_rates" not in kept:
        items = parse_many(kept["settings"].api_calls)
        kept["api_rates"] = [(i, SlidingWindow(i.amount, i.get_expiry())) for i in items]
    return kept["api_rates"]


def _too_many(item: RateLimitItem, wait: float) -> Refused:
    seconds = max(1, math.ceil(wait))
    sentence = f"More than {item} with this token. Try again in {seconds} s."
    refused = Refused(429, "too_many", sentence)
    refused.headers["Retry-After"] = str(seconds)
    return refused
