"""Settings → Members: who may come in, and as what."""

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import SelectChoice, SelectField

from webapp.access import allow
from webapp.clock import now
from webapp.models.members import LastAdmin, all_people, change_role, lock_out
from webapp.models.token import new_token
from webapp.models.transaction import writing
from webapp.models.user import (
    ROLES,
    SHORTEST_PASSWORD,
    User,
    add_user,
    enable,
    set_password,
    user_named,
)
from webapp.pages import pages
from webapp.pages.confirmation import confirm
from webapp.pages.fields import new_email, new_name, new_password
from webapp.people import me

_ROLES = [
    SelectChoice("viewer", "viewer: looks"),
    SelectChoice("member", "member: runs workflows, adds runners"),
    SelectChoice("admin", "admin: also AWS and members"),
]


class MemberForm(FlaskForm):
    """A new person, with a first password to hand over."""

    name = new_name()
    email = new_email()
    role = SelectField("Role", choices=_ROLES, default="member")
    password = new_password("First password")


class ResetForm(FlaskForm):
    """A new password to hand over."""

    password = new_password("New password")


@pages.route("/settings/members", methods=["GET", "POST"])
@allow("admin")
def members() -> str | Response | tuple[str, int]:
    """Everybody, and a form for one more."""
    form = MemberForm()
    if form.validate_on_submit():
        return _add(form)
    page = render_template(
        "settings/members.html",
        form=form,
        people=all_people(),
        roles=ROLES,
        shortest=SHORTEST_PASSWORD,
        section="Settings",
        tab="Members",
    )
    return (page, 400) if request.method == "POST" else page


@pages.post("/settings/members/<name>/role")
@allow("admin")
def member_role(name: str) -> Response:
    """Another role, from that person's next click on."""
    person, role = _person(name), request.form.get("role", "")
    if role not in ROLES:
        abort(400, "There is no such role.")
    return _try(lambda: change_role(me(), person, role, now()), f"{name} is now {role}.")


@pages.route("/settings/members/<name>/disable", methods=["GET", "POST"])
@allow("admin")
def disable_member(name: str) -> str | Response | tuple[str, int]:
    """Lock out, after saying what that ends."""
    person = _person(name)
    return confirm(
        f"Disable {name}?",
        (
            f"{name} is logged out everywhere, and no token of theirs works any more.",
            "Runs and runners stay. You can enable the account again at any time.",
        ),
        button="Disable",
        back=url_for("pages.members"),
        act=lambda: _try(lambda: lock_out(me(), person, now()), f"{name} is disabled."),
    )


@pages.post("/settings/members/<name>/enable")
@allow("admin")
def enable_member(name: str) -> Response:
    """Let in again."""
    person = _person(name)
    return _try(lambda: enable(me(), person, now()), f"{name} may log in again.")


@pages.route("/settings/members/<name>/password", methods=["GET", "POST"])
@allow("admin")
def reset_member(name: str) -> str | Response | tuple[str, int]:
    """A new password for somebody who forgot theirs."""
    person, form = _person(name), ResetForm()

    def act() -> Response:
        said = f"{name} has a new password. Hand it over; they can change it in Settings."
        return _try(lambda: set_password(me(), person, form.password.data, now()), said)

    return confirm(
        f"A new password for {name}?",
        (f"All sessions of {name} end. The token goes on working.",),
        button="Set password",
        back=url_for("pages.members"),
        act=act,
        form=form,
        risky=False,
    )


def _add(form: MemberForm) -> Response:
    with writing():
        person = add_user(
            me(), form.name.data, form.email.data, form.role.data, form.password.data, now()
        )
        new_token(me(), person, now())
    flash(f"{form.name.data} may log in as {form.role.data}. Hand over the first password.")
    return redirect(url_for("pages.members"), 303)


def _person(name: str) -> User:
    person = user_named(name)
    if person is None:
        abort(404, f"There is nobody called {name[:100]}.")
    return person


def _try(verb: Callable[[], object], said: str) -> Response:
    try:
        with writing():
            verb()
        flash(said)
    except LastAdmin as refused:
        flash(str(refused), "error")
    back = "pages.members" if current_user.is_active and current_user.may("admin") else "pages.home"
    return redirect(url_for(back), 303)
