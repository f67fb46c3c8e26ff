"""How many connections this process may have: each is an open file."""

import logging
import resource

log = logging.getLogger(__name__)

_BESIDE_THEM = 500  # the database, logs, artifacts, programs


def room_for(connections: int) -> int:
    """As many of these connections as the system lets us have.

    What most systems allow at first (1024 files) would be used up by a thousand runners that wait;
    a program may raise that by itself, up to a second limit.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + _BESIDE_THEM
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return connections
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, allowed), hard))
    fit = max(soft, allowed) - _BESIDE_THEM
    if fit < connections:
        log.warning("only %d connections at once, not %d: see `ulimit -Hn`", fit, connections)
    return max(fit, 1)
