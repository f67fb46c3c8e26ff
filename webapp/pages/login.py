"""In and out."""

from urllib.parse import urlsplit

from flask import current_app, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField

from webapp.access import allow
from webapp.extensions import limiter
from webapp.models.user import anybody, authenticate
from webapp.pages import pages
from webapp.pages.fields import needed

_TOO_MANY = "Too many tries. Wait a minute, then try again."
_REFUSED = "This name and password do not go together."


class LoginForm(FlaskForm):
    """Name or email, and password."""

    name = StringField("Username or email", [needed("Give your name or email.")])
    password = PasswordField("Password", [needed("Give your password.")])


def _tries() -> str:
    return current_app.extensions["settings"].login_attempts


def _account() -> str:
    # By account too: whoever has many addresses still cannot try many passwords on one person.
    return "account " + request.form.get("name", "").strip().lower()


@pages.route("/login", methods=["GET", "POST"])
@limiter.limit(_tries, methods=["POST"], error_message=_TOO_MANY)
@limiter.limit(_tries, methods=["POST"], key_func=_account, error_message=_TOO_MANY)
@allow("anyone")
def login() -> str | Response | tuple[str, int]:
    """The way in; `next` leads on, within this server only."""
    if current_user.is_authenticated:
        return redirect(_next(), 303)
    if not anybody():
        return redirect(url_for("pages.setup"), 303)
    form = LoginForm()
    if not form.validate_on_submit():
        return render_template("login/page.html", form=form, refused=None)
    user = authenticate(form.name.data, form.password.data)
    if user is None:
        return render_template("login/page.html", form=form, refused=_REFUSED), 401
    begin_session(user)
    return redirect(_next(), 303)


@pages.post("/logout")
@allow("anyone")
def logout() -> Response:
    """The way out."""
    logout_user()
    session.clear()
    return redirect(url_for("pages.login"), 303)


def begin_session(user) -> None:
    """A session of this person, with nothing of an earlier one in it."""
    session.clear()
    session.permanent = True
    login_user(user)


def _next() -> str:
    wanted = request.args.get("next", "")
    parts = urlsplit(wanted)
    # Browsers read backslashes as slashes and skip control characters: "/\evil.example" leads away.
    plain = wanted.startswith("/") and wanted.isprintable() and "\\" not in wanted
    local = plain and not wanted.startswith("//") and not (parts.scheme or parts.netloc)
    return wanted if local else url_for("pages.home")
