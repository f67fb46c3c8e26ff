"""Add limit: a form that looks things up while it is filled in.

Without scripts its buttons "Find" and the types that were found send the form, and it comes back.
"""

from typing import NamedTuple

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.access import allow
from webapp.clock import now
from webapp.engine.snapshot import SPOT
from webapp.extensions import db
from webapp.models.aws_account import aws_account
from webapp.models.catalogue import (
    CatalogueRegion,
    Offering,
    offerings,
    price_of,
    regions,
    want_region,
)
from webapp.models.limit import LimitExists, add_limit, key_of, set_choices
from webapp.models.limit_check import MOST_MACHINES, LimitWish
from webapp.models.price_wish import prices_wished, wish_price
from webapp.models.transaction import writing
from webapp.pages import pages
from webapp.pages.limits import this_limit
from webapp.pages.limits_form import LimitForm
from webapp.people import me

MOST_FOUND = 12
_ASK_AGAIN_MS = 10_000


class Look(NamedTuple):
    """What is known about what was typed so far. `coming`: it is being fetched; `price` in
    dollars per hour, told at `priced_at`; `vcpus` of all its machines together."""

    region: CatalogueRegion | None
    coming: bool
    found: list[Offering]
    offered: Offering | None
    price: float | None
    priced_at: int | None
    maximum: int | None
    vcpus: int


@pages.route("/settings/aws/limits/add", methods=["GET", "POST"])
@allow("admin")
def add_a_limit() -> str | Response | tuple[str, int]:
    """The form, alone or under the table."""
    account = aws_account()
    if account is None:
        flash("Enter keys first: what can be chosen depends on the account.", "error")
        return redirect(url_for("pages.aws"), 303)
    form = LimitForm()
    if not form.is_submitted():
        form.region.data = account.region or ""
        return _page(form)
    if "choose" in request.form:
        form.instance_type.data = request.form["choose"][:100]
    if "choose" in request.form or "find" in request.form:
        return _page(form)
    return (_page(form), 400) if form.problems() else _add(form)


@pages.post("/settings/aws/limits/look")
@allow("admin")
def look_at_limit() -> str:
    """The part of the form that follows what is typed."""
    form = LimitForm().offer()
    return render_template("aws/limit_look.html", form=form, look=_look(form))


@pages.route("/settings/aws/limits/<int:limit_id>/choices", methods=["GET", "POST"])
@allow("admin")
def limit_choices(limit_id: int) -> str | Response | tuple[str, int]:
    """Image, volume and encryption of machines to come."""
    limit = this_limit(limit_id)
    form = LimitForm(obj=None if request.method == "POST" else limit)
    problems = form.choice_problems() if form.is_submitted() else {}
    if form.is_submitted() and not problems:
        with writing():
            set_choices(me(), limit, now(), **form.choices())
        flash(f"{key_of(limit)}: machines to come have these settings.")
        return _back()
    form.tell(problems)
    about = {"section": "Settings", "tab": "AWS", "key": key_of(limit)}
    page = render_template("aws/choices.html", form=form, limit=limit, **about)
    return (page, 400) if problems else page


def _add(form: LimitForm) -> Response | tuple[str, int]:
    wish = form.wish()
    try:
        with writing():
            add_limit(me(), wish.key, int(wish.maximum), now(), **form.choices())
    except LimitExists as error:
        form.tell({"instance_type": str(error)})
        return _page(form), 400
    flash(f"Added: at most {wish.maximum} × {wish.key}.")
    return _back()


def _page(form: LimitForm) -> str:
    form.offer()
    about = {"section": "Settings", "tab": "AWS", "most": MOST_MACHINES}
    return render_template("aws/add.html", form=form, look=_look(form), **about)


def _look(form: LimitForm) -> Look:
    wish, typed = form.wish(), (form.instance_type.data or "").lower()
    _fetch(wish)
    region = db.session.get(CatalogueRegion, wish.region) if wish.region else None
    coming = _is_coming(wish, region)
    offered = wish.offered
    found = [] if offered or not wish.region else offerings(wish.region, typed, MOST_FOUND)
    price, at = price_of(wish.key) if offered else (None, None)
    maximum = None if "maximum" in wish.problems else int(wish.maximum)
    vcpus = (offered.cpu_milli // 1000 if offered else 0) * (maximum or 0)
    return Look(region, coming, found, offered, price, at, maximum, vcpus)


def _is_coming(wish: LimitWish, region: CatalogueRegion | None) -> bool:
    if region is None:
        return bool(wish.region) and not regions()  # the list of regions itself is on its way
    return region.usable and not region.refreshed_at and not region.error


def _fetch(wish: LimitWish) -> None:
    """Have what is not known yet fetched soon; the form asks every second, this asks seldom."""
    row = db.session.get(CatalogueRegion, wish.region) if wish.region else None
    since = now() - _ASK_AGAIN_MS
    if row and row.usable and row.refreshed_at is None and (row.wanted_at or 0) < since:
        with writing():
            want_region(wish.region, now())
    kind = (wish.region, wish.instance_type)
    unknown = wish.offered is not None and wish.purchase_type == SPOT
    unknown = unknown and price_of(wish.key)[0] is None
    if unknown and kind not in prices_wished(since):
        with writing():
            wish_price(*kind, now())


def _back() -> Response:
    return redirect(url_for("pages.aws", _anchor="limits"), 303)
