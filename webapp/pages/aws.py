"""Settings → AWS: keys, the switch, limits, strangers and money on one page, live."""

import json
from typing import Any
from urllib.parse import urlsplit

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from webapp.access import allow
from webapp.clock import now
from webapp.engine.permissions import ROLE_COMMAND, policy
from webapp.engine.region_names import region_name
from webapp.models.aws_account import AwsAccount, aws_account, set_rules
from webapp.models.catalogue import CatalogueRegion, newest_price, regions
from webapp.models.changes import newest_event
from webapp.models.installation import the_installation
from webapp.models.region import regions_used
from webapp.models.stranger import strangers
from webapp.models.transaction import writing
from webapp.pages import pages
from webapp.pages.aws_rules import RulesForm, rules_of
from webapp.pages.limits import limit_rows
from webapp.pages.live import NOTHING_NEW, Version, order_of, seen, version
from webapp.people import me
from webapp.practice import practice_aws
from webapp.public_url import is_loopback, public_url


@pages.get("/settings/aws")
@allow("admin")
def aws() -> str:
    """The whole screen."""
    return aws_page()


@pages.get("/settings/aws/changes")
@allow("admin")
def aws_changes() -> str | tuple[str, int]:
    """What lives on it, when it is not what the page shows."""
    shown = _shown()
    if seen() == shown:
        return NOTHING_NEW
    return render_template("aws/changes.html", whole=True, **_live(shown))


@pages.post("/settings/aws/rules")
@allow("admin")
def aws_rules() -> Response | tuple[str, int]:
    """Change the rules for all limits."""
    if aws_account() is None:
        flash("Enter keys first.", "error")
        return redirect(url_for("pages.aws"), 303)
    form = RulesForm().offer_regions()
    if not form.validate():
        return aws_page(form), 400
    rules = {name: value for name, value in form.data.items() if name != "csrf_token"}
    with writing():
        set_rules(me(), now(), **{**rules, "region": rules["region"] or None})
    flash("Saved.")
    return redirect(url_for("pages.aws"), 303)


def aws_page(rules: RulesForm | None = None) -> str:
    """The screen, with the form of rules as somebody has left it."""
    account = aws_account()
    about = {"section": "Settings", "tab": "AWS", "role_command": ROLE_COMMAND}
    return render_template(
        "aws/page.html",
        rules=rules or rules_of(account),
        policies=_policies(),
        unreachable=_unreachable(),
        practice_keys=practice_aws() is not None and account is None,
        **about,
        **_live(_shown()),
    )


def _live(shown: Version) -> dict[str, Any]:
    account = aws_account()
    return {
        "account": account,
        "check": _check(account),
        "limits": limit_rows(),
        "strangers": strangers(),
        "looks": [each for each in regions_used() if each.error],
        "catalogue": _ages(),
        "region_name": region_name,
        "poll": url_for("pages.aws_changes", v=str(shown)),
    }


def _shown() -> Version:
    # Ages and strangers change without an event.
    ages = [(each.name, each.refreshed_at, each.error) for each in regions()]
    prices = newest_price()
    looks = [(each.name, each.error) for each in regions_used()]
    found = [(each.id, each.state, each.error) for each in strangers()]
    return version(newest_event(), order_of([ages, prices, looks, found]))


def _check(account: AwsAccount | None) -> dict[str, Any]:
    """`running`, and the result of the last check, if any."""
    if account is None:
        return {"running": False, "result": None}
    return {"running": account.check_wanted_at is not None, "result": account.check_result}


def _ages() -> list[CatalogueRegion]:
    return [each for each in regions() if each.refreshed_at or each.error]


def _policies() -> list[tuple[str, str, str]]:
    """(id, what it is for, JSON)"""
    return [
        ("policy-spot", "Spot", json.dumps(policy(False), indent=2)),
        ("policy-both", "Spot and On-demand", json.dumps(policy(True), indent=2)),
    ]


def _unreachable() -> str | None:
    """The address that real machines of EC2 could never reach, if it is such a one."""
    url = public_url()
    real = not the_installation().practice
    return url if real and is_loopback(urlsplit(url).hostname or "") else None
