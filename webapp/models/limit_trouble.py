"""What goes wrong with the machines of a limit, and when it is tried again."""

from typing import Any

from sqlalchemy import update

from webapp.engine.backoff import next_try, trips
from webapp.engine.words import count
from webapp.extensions import db
from webapp.models.event import SCHEDULER, record
from webapp.models.limit import NO_TROUBLE, Limit, key_of, lock_limit

BOOT = "boot"  # the kind of trouble that has no time of a next try


def blame(limit_id: int | None, kind: str, message: str, now: int) -> None:
    """An error of this kind: nothing is launched for the limit until the back-off is over."""
    limit = lock_limit(limit_id) if limit_id is not None else None
    if limit is None:
        return
    failures = limit.failures + 1 if kind == limit.trouble_kind else 1
    until = next_try(kind, failures, now)
    _trouble(limit, kind, message, until, now, failures=failures)


def blame_zone(
    limit_id: int | None, kind: str, message: str, now: int, zone: str | None, zones: set[str]
) -> None:
    """No capacity in one zone: the others of `zones` are tried; when none is left, the limit
    waits."""
    limit = lock_limit(limit_id) if limit_id is not None else None
    if limit is None:
        return
    blocked = {name: until for name, until in limit.zones.items() if until > now}
    failures = limit.failures + 1
    if zone:
        blocked[zone] = next_try(kind, failures, now)
    if zone and zones - set(blocked):
        _set(limit, now, zones=blocked)
        record(SCHEDULER, "zone passed over", f"{zone}: {message}", now, limit_id=limit.id)
        return
    until = min(blocked.values(), default=next_try(kind, failures, now))
    _trouble(limit, kind, message, until, now, failures=failures, zones=blocked)


def blame_boot(limit_id: int | None, why: str, now: int) -> None:
    """A machine of it never called in; three in a row trip the limit."""
    limit = lock_limit(limit_id) if limit_id is not None else None
    if limit is None:
        return
    failed = limit.failed_boots + 1
    values: dict[str, Any] = {"trouble_kind": BOOT, "trouble_at": now, "trouble_until": None}
    words = f"{count(failed, 'failed boot')} in a row: {why}"
    if trips(failed):
        values["tripped_at"] = limit.tripped_at or now
        words = f"Tripped after {failed} failed boots: {why}"
    if trips(failed) and limit.tripped_at is None:
        record(SCHEDULER, "limit tripped", f"{key_of(limit)}: {words}", now, limit_id=limit.id)
    _set(limit, now, failed_boots=failed, trouble_message=words, **values)


def praise(limit_id: int | None, now: int) -> None:
    """A machine of it booted: whatever was wrong is over."""
    limit = lock_limit(limit_id) if limit_id is not None else None
    if limit is None or not (limit.failures or limit.failed_boots or limit.trouble_kind):
        return
    _set(limit, now, failures=0, failed_boots=0, **NO_TROUBLE)


def _trouble(limit: Limit, kind: str, message: str, until: int, now: int, **values: Any) -> None:
    told = {"trouble_kind": kind, "trouble_message": message}
    _set(limit, now, trouble_at=now, trouble_until=until, **told, **values)
    data = {"kind": kind, "until": until}
    record(SCHEDULER, "limit waits", message, now, limit_id=limit.id, data=data)


def _set(limit: Limit, now: int, **values: Any) -> None:
    query = update(Limit.__table__).where(Limit.id == limit.id)
    db.session.execute(query.values(updated_at=now, **values))
    db.session.expire(limit)
