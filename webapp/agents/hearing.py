"""Every call of a runner shows that it lives."""

from typing import Any

from flask import g

from webapp.agents.credential import check_session, session_given, this_runner
from webapp.clock import now
from webapp.models.claiming import lock_runner
from webapp.models.runner_moves import hear_runner


def heard_runner() -> Any:
    """The calling runner's row as it is now, locked, with this call noted.

    Raises Refused (409) when another process of its machine has taken over.
    """
    runner = lock_runner(g.runner.id)
    check_session(runner)
    came_back = hear_runner(this_runner(), runner, session_given(), now())
    return lock_runner(runner.id) if came_back else runner
