"""Many rows that look like one that the product made: of runners, of waiting jobs, of history."""

import secrets
import uuid
from typing import Any

from sqlalchemy import insert, select

from benchmarks.inside import Inside
from benchmarks.tick import OPERATOR, REGIONS, TYPES, offering_like
from webapp.clock import system_clock
from webapp.engine.snapshot import Key
from webapp.extensions import db
from webapp.models.aws_account import Keys, set_keys
from webapp.models.catalogue import keep_offerings
from webapp.models.event import Event
from webapp.models.job import Attempt, Job
from webapp.models.limit import add_limit
from webapp.models.run import Run
from webapp.models.runner import Runner
from webapp.models.transaction import writing

_IN_ONE_RUN = 100


def more_runners(house: Inside, number: int) -> None:
    """So many that are connected, like the one that is there."""
    with house.app.app_context(), writing():
        row = _first(Runner)
        rows = [
            row | {"id": str(uuid.uuid4()), "name": f"copy-{n:05}"} | _digests()
            for n in range(number)
        ]
        _insert(Runner, rows)


def more_waiting(house: Inside, number: int) -> None:
    """So many jobs that fit no runner, in runs of a hundred."""
    if not number:
        return
    name = house.submit(
        {"workflow_file": "workflows:\n  - {name: big, commands: ['true'], resources: {cpu: 64}}"}
    )
    with house.app.app_context(), writing():
        run = _first(Run, Run.name == name)
        job = _first(Job, Job.run_id == run["id"])
        runs = _copies(run, -(-number // _IN_ONE_RUN), lambda n: {"name": f"long-wait-{n}"})
        places = [(run["id"], place) for run in runs for place in range(_IN_ONE_RUN)]
        _insert(Run, runs)
        _insert(Job, [_job(job, *place) for place in places[:number]])


def more_history(house: Inside, number: int) -> None:
    """So many runs of one job that are over, each with the events that such a run leaves."""
    if not number:
        return
    name = house.submit()
    house.end(house.poll())
    with house.app.app_context(), writing():
        run = _first(Run, Run.name == name)
        job, attempt = _first(Job, Job.run_id == run["id"]), None
        attempt = _first(Attempt, Attempt.job_id == job["id"])
        events = [dict(row) for row in _rows(Event, Event.run_id == run["id"])]
        runs = _copies(run, number, lambda n: {"name": f"long-ago-{n}"})
        jobs = [_job(job, each["id"], 0) for each in runs]
        _insert(Run, runs)
        _insert(Job, jobs)
        _insert(Attempt, [attempt | {"job_id": each["id"]} for each in jobs])
        for event in events:
            event.pop("id")
            about = [{"run_id": each["run_id"], "job_id": each["id"]} for each in jobs]
            _insert(Event, [event | each for each in about])


def more_limits(house: Inside, number: int) -> None:
    """So many, of types that none of the waiting jobs fits."""
    if not number:
        return
    now = system_clock()
    keys = [Key(region, kind, "spot") for region in REGIONS for kind in TYPES]
    with house.app.app_context(), writing():
        set_keys(OPERATOR, Keys("AKIDEXAMPLE", "only for measuring"), now)
        for region in REGIONS:
            keep_offerings(region, [offering_like(region, kind) for kind in TYPES], now)
        for key in keys[:number]:
            add_limit(OPERATOR, key, 1, now)


def _job(like: dict[str, Any], run_id: int, place: int) -> dict[str, Any]:
    return like | {"id": secrets.token_hex(6), "run_id": run_id, "position": place}


def _copies(row: dict[str, Any], number: int, change: Any) -> list[dict[str, Any]]:
    after = db.session.execute(select(db.func.max(Run.id))).scalar_one() + 1
    return [row | {"id": after + n} | change(n) for n in range(number)]


def _digests() -> dict[str, str]:
    return {"credential_digest": secrets.token_hex(32), "machine_id": secrets.token_hex(32)}


def _rows(model: Any, *where: Any) -> Any:
    return db.session.execute(select(model.__table__).where(*where)).mappings().all()


def _first(model: Any, *where: Any) -> dict[str, Any]:
    return dict(_rows(model, *where)[0])


def _insert(model: Any, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), 5000):
        db.session.execute(insert(model.__table__), rows[start : start + 5000])
