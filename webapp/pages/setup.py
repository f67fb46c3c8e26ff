"""The first account, by the one-time link that the server printed."""

from flask import flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from webapp.access import allow
from webapp.clock import now
from webapp.engine.states import Actor
from webapp.models.event import Who
from webapp.models.first_admin import SetupClosed, add_first_admin, opens_setup
from webapp.models.transaction import writing
from webapp.models.user import SHORTEST_PASSWORD, anybody
from webapp.pages import pages
from webapp.pages.fields import again, new_email, new_name, new_password
from webapp.pages.login import begin_session


class SetupForm(FlaskForm):
    """The first admin."""

    name = new_name()
    email = new_email()
    password = new_password()
    again = again("password")


@pages.route("/setup", methods=["GET", "POST"])
@allow("anyone")
def setup() -> str | Response | tuple[str, int]:
    """Open to whoever holds the link, until there is an account."""
    if anybody():
        return redirect(url_for("pages.login"), 303)
    secret = request.args.get("token", "")
    if not opens_setup(secret):
        return render_template("setup/page.html", form=None), 403
    form = SetupForm()
    if form.validate_on_submit():
        return _make(form, secret)
    return render_template("setup/page.html", form=form, shortest=SHORTEST_PASSWORD)


def _make(form: SetupForm, secret: str) -> Response:
    name = form.name.data
    who = Who(Actor.PERSON, name)
    try:
        with writing():
            user = add_first_admin(who, secret, name, form.email.data, form.password.data, now())
    except SetupClosed:
        return redirect(url_for("pages.login"), 303)
    begin_session(user)
    flash(f"Welcome, {name}. Connect a server to run your first workflow.")
    return redirect(url_for("pages.runners"), 303)
