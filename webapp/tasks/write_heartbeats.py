"""Write what was gathered of waiting runners. Runs in every process, each second."""

from webapp.models.heartbeats import keep_heartbeats


def write_heartbeats(now: int) -> int:
    """How many were heard."""
    return keep_heartbeats()
