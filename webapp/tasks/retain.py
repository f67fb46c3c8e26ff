"""Delete what runs left, by the rule of Settings → Storage."""

import logging

from flask import current_app

from webapp.models.event import SCHEDULER
from webapp.models.retention import clear_run, stored, the_rule
from webapp.models.transaction import writing
from webapp.storage import log_store

log = logging.getLogger(__name__)


def retain(now: int) -> int:
    """Run by run; how many lost something. The sweep deletes the contents."""
    rule = the_rule()
    if not rule.is_on:
        return 0
    maximum = current_app.extensions["settings"].log_maximum
    cleared = 0
    for item in stored(maximum, now).due(rule, now):
        with writing():
            jobs = clear_run(SCHEDULER, item, rule.logs, now)
        for job in jobs if rule.logs else ():
            log_store().delete(job)
        cleared += bool(jobs)
        log.info("%s: what it left is deleted. %s", item.name, item.why)
    return cleared
