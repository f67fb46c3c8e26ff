"""What EC2 lists against what the books say, in both directions.

EC2 is listed first and the books are read afterwards, so that a machine which was booked in
between is never taken for a stranger.

How a thing in EC2 is recognised: by the ids on the row; a machine also by the request that made
it; a request whose answer was lost by its ValidUntil, which is different for every row of a
region; a machine of purchase type On-demand by its client token, which is the id of the row.
"""

from collections.abc import Iterator

from webapp.engine.plan.seen import (
    Booked,
    Found,
    Missing,
    Over,
    Past,
    Seen,
    SeenMachine,
    SeenRequest,
    Sighting,
    Stranger,
    TakenBack,
)
from webapp.engine.states import Instance

VISIBLE_AFTER = 300  # seconds; EC2 may list a new thing "up to a few minutes" later
MISSING_GRACE = 300  # seconds without any sign before a machine that EC2 does not list is over
YOUNG = 120  # seconds in which an unknown thing is left alone

_OVER_REQUESTS = frozenset({"closed", "cancelled", "failed", "disabled"})
_ON_ITS_WAY_OUT = frozenset({"shutting-down", "stopping", "stopped"})
_INTERRUPTIONS = frozenset(
    {
        "marked-for-termination",
        "marked-for-stop",
        "instance-terminated-no-capacity",
        "instance-terminated-by-price",
        "instance-terminated-capacity-oversubscribed",
        "instance-terminated-launch-group-constraint",
    }
)


def compare(rows: list[Booked], past: Past, seen: Seen, now: int) -> list[Sighting]:
    """Every difference between the books (`rows`: those that are not terminated) and EC2."""
    machines = {each.id: each for each in seen.machines}
    requests = {each.id: each for each in seen.requests}
    mine: set[str] = set()
    taken = past.ids | {each.request_id for each in rows}
    sightings: list[Sighting] = []
    for row in rows:
        request = _request_of(row, requests, taken)
        machine = _machine_of(row, request, machines)
        mine.update(each.id for each in (request, machine) if each)
        mine.update(filter(None, [row.request_id, row.machine_id]))
        sightings += _about(row, request, machine, now)
    return sightings + list(_strangers(seen, mine, past, now))


def _request_of(
    row: Booked, requests: dict[str, SeenRequest], taken: frozenset[str | None]
) -> SeenRequest | None:
    if row.request_id:
        return requests.get(row.request_id)
    if row.valid_until is None or row.machine_id:
        return None
    marked = (
        each
        for each in requests.values()
        if each.valid_until == row.valid_until
        and each.instance_type == row.instance_type
        and each.id not in taken
    )
    return next(marked, None)


def _machine_of(
    row: Booked, request: SeenRequest | None, machines: dict[str, SeenMachine]
) -> SeenMachine | None:
    if row.machine_id:
        return machines.get(row.machine_id)
    if request and request.machine_id in machines:
        return machines[request.machine_id]
    request_id = request.id if request else row.request_id
    found = (
        each
        for each in machines.values()
        if each.client_token == row.id or (request_id and each.request_id == request_id)
    )
    return next(found, None)


def _about(
    row: Booked, request: SeenRequest | None, machine: SeenMachine | None, now: int
) -> Iterator[Sighting]:
    if machine and machine.state == "terminated":
        words, back = _reason(machine, request), bool(request and _taken_back(request))
        yield Over(row.id, "EC2 says that the machine is terminated.", words, back)
        return
    machine_id = machine.id if machine else (request.machine_id if request else None)
    machine_id = row.machine_id or machine_id
    if machine is None and machine_id is None:
        yield from _without_machine(row, request, now)
        return
    found = _found(row, request, machine, machine_id)
    if found:
        yield found
    if machine is None:
        yield from _unseen(row, request, now)
        return
    if row.missing_since is not None:
        yield Missing(row.id, None, "EC2 lists the machine again.")
    yield from _interruption(row, request, machine)


def _reason(machine: SeenMachine, request: SeenRequest | None) -> str:
    """AWS's own words: of the machine, and of the request when it names a cause."""
    parts = [machine.reason]
    if request and _taken_back(request):
        parts.append(f"{request.status_code}: {request.message}")
    return " / ".join(filter(None, parts))


def _taken_back(request: SeenRequest) -> bool:
    return request.status_code in _INTERRUPTIONS


def _found(
    row: Booked,
    request: SeenRequest | None,
    machine: SeenMachine | None,
    machine_id: str | None,
) -> Found | None:
    request_id = row.request_id or (request.id if request else None)
    zone = (machine.zone if machine else None) or row.zone
    running = machine is not None and machine.state in ("pending", "running")
    started = running and row.status in (Instance.PENDING, Instance.REQUESTED)
    new = (request_id, machine_id, zone, None)
    if not started and new == (row.request_id, row.machine_id, row.zone, row.holding):
        return None
    return Found(row.id, request_id, machine_id, zone, None, started, f"EC2 runs {machine_id}.")


def _without_machine(row: Booked, request: SeenRequest | None, now: int) -> Iterator[Sighting]:
    if request is None:
        yield from _nothing(row, now)
    elif request.state in _OVER_REQUESTS:
        words = f"{request.status_code}: {request.message}"
        yield Over(row.id, f"Its spot request is {request.state}; no machine came of it.", words)
    else:
        # Open: it holds the slot, because it can still be filled.
        holding = None if request.status_code.startswith("pending") else request.status_code
        same = (row.request_id, row.holding) == (request.id, holding)
        if not same or row.status == Instance.PENDING:
            why = f"EC2 holds the request: {request.status_code}."
            yield Found(row.id, request.id, None, row.zone, holding, False, why)


def _nothing(row: Booked, now: int) -> Iterator[Sighting]:
    """EC2 lists neither request nor machine. Only a row that has to end may be closed by it.

    Such a row is over when no call was ever made for it, or when EC2 has had time to list what the
    last call could have made. A call cannot be under way for that long (the client's timeouts),
    and a request made by it would carry this row's mark and be listed for hours.
    """
    if row.status != Instance.TERMINATING:
        return
    if row.called_at is None:
        yield Over(row.id, "EC2 was never asked for it.", "")
    elif now - row.called_at >= VISIBLE_AFTER * 1000 and not row.heard:
        yield Over(row.id, "EC2 lists neither its request nor a machine of it.", "")


def _unseen(row: Booked, request: SeenRequest | None, now: int) -> Iterator[Sighting]:
    """The machine is known by id but not listed: absence from one list is no proof.

    It is over when it has been missing for the grace time, its agent is silent, and no request of
    it is still active. EC2 forgets terminated machines after about an hour.
    """
    if row.missing_since is None:
        yield Missing(row.id, now, "EC2 does not list the machine.")
        return
    active = request is not None and request.state not in _OVER_REQUESTS
    if now - row.missing_since >= MISSING_GRACE * 1000 and not row.heard and not active:
        words = f"{request.status_code}: {request.message}" if request else ""
        yield Over(row.id, "EC2 no longer knows the machine, and its agent is silent.", words)


def _interruption(
    row: Booked, request: SeenRequest | None, machine: SeenMachine
) -> Iterator[Sighting]:
    if row.interrupted or row.status == Instance.TERMINATING:
        return
    if request and _taken_back(request):
        yield TakenBack(row.id, f"EC2 takes the machine back: {request.status_code}.")
    elif machine.state in _ON_ITS_WAY_OUT:
        words = machine.reason or machine.state
        yield TakenBack(row.id, f"The machine is {machine.state}: {words}.")


def _strangers(seen: Seen, mine: set[str], past: Past, now: int) -> Iterator[Stranger]:
    marks = {each.id: each.valid_until in past.marks for each in seen.requests}
    for machine in seen.machines:
        old = now - machine.launched_at >= YOUNG * 1000
        request_id = machine.request_id or ""
        if old and machine.state != "terminated" and not mine & {machine.id, request_id}:
            names = {machine.id, request_id, machine.client_token}
            ours = bool(past.ids & names) or marks.get(request_id, False)
            since, kind = machine.launched_at, machine.instance_type
            yield Stranger(
                machine.id, "machine", kind, machine.state, since, ours, _why("machine", ours)
            )
    for request in seen.requests:
        old = now - request.created_at >= YOUNG * 1000
        if old and request.state == "open" and request.id not in mine:
            ours = request.id in past.ids or marks[request.id]
            since, kind = request.created_at, request.instance_type
            yield Stranger(
                request.id, "request", kind, request.state, since, ours, _why("request", ours)
            )


def _why(kind: str, ours: bool) -> str:
    what = "A machine" if kind == "machine" else "An open spot request"
    if ours:
        return f"{what} of a row that was closed: it is ended."
    return f"{what} in our security group that is not in the books."
