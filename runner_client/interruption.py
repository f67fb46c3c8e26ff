"""The thread that asks whether EC2 takes the machine away."""

from __future__ import annotations

import logging
from typing import Callable

from runner_client.metadata import Metadata, Notice
from runner_client.session import Session

_log = logging.getLogger("interruption")


def watch(session: Session, seconds: float, announce: Callable[[Notice], None]) -> None:
    """Ask every `seconds`; `announce` is called once for each new notice."""
    metadata = Metadata()
    known: Notice | None = None
    while not session.is_over:
        notice = metadata.notice()
        if notice is not None and notice != known:
            known = notice
            _log.warning("EC2 will %s this machine", notice.action)
            announce(notice)
        session.wait(seconds)
