"""How long to wait after which kind of error.

A kind is the class of an error of EC2: capacity, quota, permission, throttling, bad_request,
gone (something that we refer to is no longer there), unknown, and silence (no answer at all).
"""

_SCHEDULE = {  # kind -> (first wait, longest wait), seconds; each wait doubles the one before
    "capacity": (180, 1800),  # longer than it takes to try the other zones
    "quota": (300, 3600),
    "permission": (120, 1800),
    "throttling": (2, 60),
    "bad_request": (600, 3600),
    "gone": (5, 300),
    "unknown": (15, 600),
    "silence": (2, 60),
}
BOOTS_BEFORE_TRIP = 3
#: No call is repeated later than this; a moment that lies further ahead was written by a call that
#: began before the clock was set back.
LONGEST_MS = max(longest for _, longest in _SCHEDULE.values()) * 1000
LONGEST_TERMINATE_MS = 120_000


def wait_seconds(kind: str, failures: int) -> int:
    """How long after the `failures`-th failure in a row (1 is the first)."""
    first, longest = _SCHEDULE.get(kind, _SCHEDULE["unknown"])
    doublings = min(max(0, failures - 1), 16)
    return min(longest, first << doublings)


def next_try(kind: str, failures: int, now: int) -> int:
    """When to try again (epoch milliseconds)."""
    return now + wait_seconds(kind, failures) * 1000


def terminate_again(tries: int, now: int) -> int:
    """When to repeat a terminate call that has not been confirmed; for ever, never rarer than
    every two minutes, because the machine is billed meanwhile."""
    return now + min(LONGEST_TERMINATE_MS, 1000 << min(tries, 7))


def trips(failed_boots: int) -> bool:
    """Whether this many failed boots in a row mean that a limit stops launching."""
    return failed_boots >= BOOTS_BEFORE_TRIP
