"""The keys of AWS: entered, replaced, checked, deleted."""

import re
from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField, RadioField, SelectChoice, StringField, ValidationError
from wtforms.validators import Length

from webapp.access import allow
from webapp.clock import now
from webapp.models.aws_account import (
    CHAIN,
    KEYS,
    Keys,
    MachinesLive,
    aws_account,
    delete_account,
    set_keys,
    want_check,
)
from webapp.models.instance import living_instances
from webapp.models.on_demand_use import use_now
from webapp.models.transaction import writing
from webapp.models.wishes import DRAIN, end_all
from webapp.pages import pages
from webapp.pages.confirmation import confirm
from webapp.people import me

_ID = re.compile(r"[A-Z0-9]{16,128}")
_SECRET = re.compile(r"[!-~]{16,200}")


def _tidy(text: str | None) -> str | None:
    return text.strip() if text else text


class KeysForm(FlaskForm):
    """Keys, or the host's own credentials when that is chosen."""

    source = RadioField(
        "Where the credentials come from",
        choices=[
            SelectChoice(KEYS, "Keys that I enter here"),
            SelectChoice(CHAIN, "The host's own AWS credentials"),
        ],
        default=KEYS,
    )
    access_key_id = StringField("AWS Access Key ID", filters=[_tidy])
    secret_access_key = PasswordField("AWS Secret Access Key", filters=[_tidy])
    session_token = PasswordField("Session token", [Length(max=4000)], filters=[_tidy])

    def validate_access_key_id(self, field: StringField) -> None:
        """As AWS makes them."""
        if self.source.data == KEYS and not _ID.fullmatch(field.data or ""):
            raise ValidationError("Give the id: about 20 capital letters and digits (AKIA…).")

    def validate_secret_access_key(self, field: PasswordField) -> None:
        """As AWS makes them."""
        if self.source.data == KEYS and not _SECRET.fullmatch(field.data or ""):
            raise ValidationError("Give the secret key: 40 characters, without spaces.")

    def keys(self) -> Keys:
        """What was entered."""
        if self.source.data == CHAIN:
            return Keys()
        return Keys(
            self.access_key_id.data, self.secret_access_key.data, self.session_token.data or None
        )


@pages.route("/settings/aws/keys", methods=["GET", "POST"])
@allow("admin")
def aws_keys() -> str | Response | tuple[str, int]:
    """Enter the keys, or replace them while no machine lives."""
    if aws_account() and living_instances():
        return machines_live("The keys cannot be replaced now")
    form = KeysForm()
    if form.validate_on_submit():
        return _kept(lambda: set_keys(me(), form.keys(), now()), "The keys are kept, encrypted.")
    about = {"section": "Settings", "tab": "AWS", "account": aws_account()}
    page = render_template("aws/keys.html", form=form, **about)
    return (page, 400) if form.is_submitted() else page


@pages.route("/settings/aws/delete", methods=["GET", "POST"])
@allow("admin")
def aws_delete() -> str | Response | tuple[str, int]:
    """Forget the keys while no machine lives."""
    if living_instances():
        return machines_live("The settings cannot be deleted now")
    return confirm(
        "Delete the AWS settings?",
        (
            "The keys are forgotten, and no more machines are launched. Limits stay, for the day "
            "when keys are entered again.",
        ),
        button="Delete settings",
        back=url_for("pages.aws"),
        act=lambda: _kept(lambda: delete_account(me(), now()), "The AWS settings are deleted."),
    )


@pages.post("/settings/aws/check")
@allow("admin")
def aws_check() -> Response:
    """Ask for a check; the page shows the result when it is there."""
    if aws_account() is None:
        flash("There is nothing to check: enter keys first.", "error")
        return _back()
    with writing():
        want_check(me(), now())
    return _back()


@pages.post("/settings/aws/drain")
@allow("admin")
def aws_drain() -> Response:
    """End every machine after its jobs, so that keys can be replaced."""
    with writing():
        machines = end_all(me(), DRAIN, now())
    flash(f"{machines} told to end after their jobs. New jobs may bring new ones: switch off too.")
    return _back()


def machines_live(what: str) -> str | tuple[str, int]:
    """The refusal that lists the machines, with the way out."""
    names = [each.runner.name for each in living_instances()]
    about = {"section": "Settings", "tab": "AWS"}
    return render_template("aws/machines_live.html", what=what, names=names, use=use_now(), **about)


def _kept(act: Callable[[], None], said: str) -> Response:
    try:
        with writing():
            act()
    except MachinesLive as error:
        flash(str(error), "error")
        return _back()
    flash(said)
    return _back()


def _back() -> Response:
    return redirect(url_for("pages.aws"), 303)
