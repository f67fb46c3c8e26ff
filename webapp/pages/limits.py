"""Limits: the rows of the table, and what is done to one of them."""

from typing import NamedTuple

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.access import allow
from webapp.clock import now
from webapp.engine.words import clock_time
from webapp.extensions import db
from webapp.models.catalogue import Offering, offering, price_of
from webapp.models.instance import slots_taken_by_key
from webapp.models.limit import (
    Limit,
    delete_limit,
    key_of,
    limits,
    reset_limit,
    set_maximum,
    switch_limit,
)
from webapp.models.limit_check import maximum_problem
from webapp.models.limit_trouble import BOOT
from webapp.models.on_demand_use import use_now
from webapp.models.transaction import writing
from webapp.pages import pages
from webapp.pages.confirmation import confirm
from webapp.people import me

KINDS = {
    "capacity": "No capacity",
    "quota": "Quota",
    "permission": "No permission",
    "throttling": "Too many calls",
    "silence": "No answer",
}


class Trouble(NamedTuple):
    """One sentence; `tone` as of a note; whether a reset helps."""

    tone: str
    sentence: str
    reset: bool = False


class LimitRow(NamedTuple):
    """One line of the table. `price` None: not known; `priced_at`: its age."""

    limit: Limit
    offered: Offering | None
    in_use: int
    price: float | None
    priced_at: int | None
    trouble: Trouble | None


def limit_rows() -> list[LimitRow]:
    """All of them, in the order of the table."""
    used = slots_taken_by_key()
    return [_row(each, used.get(key_of(each), 0)) for each in limits()]


def this_limit(limit_id: int) -> Limit:
    """The limit of the address; 404 in words."""
    limit = db.session.get(Limit, limit_id)
    if limit is None:
        abort(404, "This limit is gone.")
    return limit


@pages.post("/settings/aws/limits/<int:limit_id>/maximum")
@allow("admin")
def limit_maximum(limit_id: int) -> Response:
    """Another maximum; lowering it drains the surplus."""
    limit, typed = this_limit(limit_id), request.form.get("maximum", "").strip()
    problem = maximum_problem(typed)
    if problem:
        flash(f"{key_of(limit)}: {problem}", "error")
        return _back()
    with writing():
        set_maximum(me(), limit, int(typed), now())
    flash(f"{key_of(limit)}: at most {typed} now." + _surplus(limit, int(typed)))
    return _back()


@pages.post("/settings/aws/limits/<int:limit_id>/switch")
@allow("admin")
def limit_switch(limit_id: int) -> Response:
    """On or off; off drains its machines."""
    limit = this_limit(limit_id)
    on = request.form.get("on") == "1"
    with writing():
        switch_limit(me(), limit, on, now())
    word = "on" if on else "off: its machines end after their jobs"
    flash(f"{key_of(limit)} is switched {word}.")
    return _back()


@pages.post("/settings/aws/limits/<int:limit_id>/reset")
@allow("admin")
def limit_reset(limit_id: int) -> Response:
    """Try again at once."""
    limit = this_limit(limit_id)
    with writing():
        reset_limit(me(), limit, now())
    flash(f"{key_of(limit)} is tried again.")
    return _back()


@pages.route("/settings/aws/limits/<int:limit_id>/delete", methods=["GET", "POST"])
@allow("admin")
def limit_delete(limit_id: int) -> str | Response | tuple[str, int]:
    """Gone, after saying how many machines drain."""
    limit = this_limit(limit_id)
    key = key_of(limit)

    def act() -> Response:
        with writing():
            delete_limit(me(), limit, now())
        flash(f"The limit for {key} is deleted.")
        return _back()

    fate = "Its machines end after their jobs." if use_now(key).machines else ""
    return confirm(
        f"Delete the limit for {key}?",
        (f"{use_now(key)} {fate}".strip(),),
        button="Delete limit",
        back=url_for("pages.aws"),
        act=act,
    )


def _row(limit: Limit, used: int) -> LimitRow:
    price, at = price_of(key_of(limit))
    offered = offering(limit.region, limit.instance_type)
    return LimitRow(limit, offered, used, price, at, _trouble(limit, offered, used))


def _trouble(limit: Limit, offered: Offering | None, used: int) -> Trouble | None:
    if limit.tripped_at:
        why = (limit.trouble_message or f"Tripped after {limit.failed_boots} failed boots").rstrip(
            "."
        )
        return Trouble("bad", f"{why}. No machine of it is launched until a reset.", reset=True)
    if limit.trouble_kind == BOOT:
        return Trouble("warn", limit.trouble_message or "", reset=True)
    if limit.trouble_until and limit.trouble_until > now():
        kind = KINDS.get(limit.trouble_kind or "", "Refused")
        until = clock_time(limit.trouble_until)
        message = (limit.trouble_message or "").rstrip(".")
        return Trouble("warn", f"{kind}: {message}. Next try {until}.", reset=True)
    wanted = limit.maximum if limit.enabled else 0
    if used > wanted:
        return Trouble("info", f"{used - wanted} too many: they end after their jobs.")
    if offered is None:
        return Trouble("info", "What this type has is not known yet: the catalogue is fetched.")
    return None


def _surplus(limit: Limit, maximum: int) -> str:
    used = use_now(key_of(limit)).machines
    return f" {used - maximum} of {used} end after their jobs." if used > maximum else ""


def _back() -> Response:
    return redirect(url_for("pages.aws", _anchor="limits"), 303)
