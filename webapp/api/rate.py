"""How often a token may call: counted in this process, by a window that slides."""

import math
import time

from flask import current_app
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from webapp.errors import Refused

_Rate = tuple[SlidingWindowCounterRateLimiter, list[RateLimitItem]]


def count_call(token_id: int) -> None:
    """Raise Refused (429), which says when to come back, for one call too many."""
    limiter, items = _rate()
    for item in items:
        if not limiter.hit(item, str(token_id)):
            raise _too_many(item, limiter.get_window_stats(item, str(token_id)).reset_time)


def _rate() -> _Rate:
    kept = current_app.extensions
    if "api_rate" not in kept:
        items = parse_many(kept["settings"].api_calls)
        kept["api_rate"] = (SlidingWindowCounterRateLimiter(MemoryStorage()), items)
    return kept["api_rate"]


def _too_many(item: RateLimitItem, reset_at: float) -> Refused:
    seconds = max(1, math.ceil(reset_at - time.time()))
    sentence = f"More than {item} with this token. Try again in {seconds} s."
    refused = Refused(429, "too_many", sentence)
    refused.headers["Retry-After"] = str(seconds)
    return refused
