"""The practice panel: what happens in the simulated AWS, and the knobs of it."""

import json
from datetime import UTC, datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.access import allow
from webapp.clock import now
from webapp.models.aws_account import Keys, MachinesLive, set_keys
from webapp.models.limit import limits
from webapp.models.transaction import writing
from webapp.pages import pages
from webapp.pages.live import NOTHING_NEW, order_of, seen, version
from webapp.people import me
from webapp.practice import PracticeError, ask_practice, practice_aws

ACTS = {
    "interrupt": "EC2 gives notice to {id}: it is taken back soon.",
    "kill": "{id} died without notice.",
    "hang": "{id} hangs: it runs, and says nothing.",
    "unhang": "{id} goes on.",
    "crash": "What ran on {id} crashed; the machine itself stays.",
}
_GONE = ("shutting-down", "terminated")
_SHOWN_EVENTS = 30


@pages.get("/practice")
@allow("admin")
def practice() -> str:
    """The panel."""
    _only_in_practice()
    return render_template("practice/page.html", section="Practice", **_view())


@pages.get("/practice/changes")
@allow("admin")
def practice_changes() -> str | tuple[str, int]:
    """Its living part, when it is not what the page shows."""
    _only_in_practice()
    view = _view()
    known = seen()
    if known and known.rest == view["digest"]:
        return NOTHING_NEW
    return render_template("practice/changes.html", whole=True, **view)


@pages.post("/practice/machines/<machine_id>/<what>")
@allow("admin")
def practice_act(machine_id: str, what: str) -> Response:
    """Let something happen to a machine."""
    _only_in_practice()
    if what not in ACTS:
        abort(404)
    if what == "interrupt":
        return _do(ACTS[what].format(id=machine_id), "interrupt", machine_id)
    return _do(ACTS[what].format(id=machine_id), "befall", machine_id, what)


@pages.post("/practice/capacity")
@allow("admin")
def practice_capacity() -> Response:
    """Take capacity of a type away, or give it back."""
    _only_in_practice()
    name, rest = request.form.get("type", "").strip(), request.form.get("rest", "").strip()
    return _count("capacity", name, rest, "instance type")


@pages.post("/practice/quota")
@allow("admin")
def practice_quota() -> Response:
    """How many vCPUs of spot machines the account may have."""
    _only_in_practice()
    name, rest = request.form.get("class", "").strip(), request.form.get("rest", "").strip()
    return _count("spot_vcpu_quota", name, rest, "class of types")


@pages.post("/practice/keys")
@allow("admin")
def practice_keys() -> Response:
    """Put the keys of practice AWS into Settings → AWS."""
    _only_in_practice()
    ready = practice_aws().ready
    keys = Keys(ready["access_key_id"], ready["secret_access_key"])
    try:
        with writing():
            set_keys(me(), keys, now())
    except MachinesLive as error:
        flash(str(error), "error")
    else:
        flash("The practice keys are kept.")
    return redirect(url_for("pages.aws"), 303)


def _count(knob: str, name: str, rest: str, noun: str) -> Response:
    """Set one number of a knob that holds many; an empty one takes the bound away."""
    if not name or (rest and not (rest.isascii() and rest.isdigit() and len(rest) < 7)):
        flash(f"Give the {noun}, and a whole number of 0 or more (or nothing: no bound).", "error")
        return _back()
    try:
        counts = dict(ask_practice("knobs")[knob])
    except PracticeError as error:
        flash(str(error), "error")
        return _back()
    counts.pop(name, None)
    if rest:
        counts[name] = int(rest)
    said = f"{name}: {'room for ' + rest if rest else 'no bound'}."
    return _do(said, "knobs", **{knob: counts})


def _do(said: str, verb: str, *args: Any, **details: Any) -> Response:
    try:
        ask_practice(verb, *args, **details)
    except PracticeError as error:
        flash(str(error), "error")
    else:
        flash(said)
    return _back()


def _view() -> dict[str, Any]:
    """`trouble`: why nothing is shown. Nothing in it changes by time alone."""
    ready = practice_aws().ready
    view: dict[str, Any] = {"ready": ready, "trouble": None, "machines": [], "events": []}
    view |= {"knobs": {"capacity": {}, "spot_vcpu_quota": {}}, "open_requests": []}
    try:
        state = ask_practice("state")
    except PracticeError as error:
        view["trouble"] = str(error)
    else:
        view |= {name: state[name] for name in ("knobs", "open_requests")}
        view["machines"] = [each for each in state["instances"] if each["state"] not in _GONE]
        view["events"] = [_event(each) for each in state["events"][: -_SHOWN_EVENTS - 1 : -1]]
    named = {each.instance_type for each in limits()} | set(view["knobs"]["capacity"])
    view["types"] = sorted(named)
    digest = _digest(view)
    poll = url_for("pages.practice_changes", v=str(version(0, digest)))
    return {**view, "digest": digest, "poll": poll}


def _event(event: dict[str, Any]) -> dict[str, Any]:
    """`at` in UTC, what, to what, and the rest of it in words."""
    rest = {name: event[name] for name in event if name not in ("time", "event", "subject")}
    words = ", ".join(f"{name} {value}" for name, value in rest.items() if value not in (None, ""))
    at = datetime.fromtimestamp(event["time"], UTC).strftime("%H:%M:%S")
    return {"at": at, "what": event["event"], "subject": event["subject"], "words": words}


def _digest(view: dict[str, Any]) -> int:
    # Ages and process ids are not shown.
    machines = [(m["id"], m["state"], m["hung"], m["alive"], m["notice"]) for m in view["machines"]]
    parts = (machines, view["events"], view["knobs"], view["types"], view["trouble"])
    return order_of([json.dumps(parts, sort_keys=True)])


def _only_in_practice() -> None:
    if practice_aws() is None:
        abort(404)


def _back() -> Response:
    return redirect(url_for("pages.practice"), 303)
