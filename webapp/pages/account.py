"""Settings → Account: who I am, my tokens, my password."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField, ValidationError

from webapp.access import allow
from webapp.clock import now
from webapp.models.password import matches
from webapp.models.scoped_token import scoped_tokens
from webapp.models.token import last_use_of, token_of
from webapp.models.token import new_token as make_token
from webapp.models.transaction import writing
from webapp.models.user import SHORTEST_PASSWORD, set_password, user_named
from webapp.pages import pages
from webapp.pages.confirmation import confirm
from webapp.pages.fields import again, needed, new_password
from webapp.pages.login import begin_session
from webapp.pages.token_form import TokenForm
from webapp.people import me


class PasswordForm(FlaskForm):
    """The old password proves that it is you."""

    old = PasswordField("Current password", [needed("Give your current password.")])
    new = new_password("New password")
    again = again("new", "The new one again")

    def validate_old(self, field: PasswordField) -> None:
        """Ours?"""
        if not matches(current_user.password_hash, field.data):
            raise ValidationError("This is not your current password.")


@pages.get("/settings/account")
@allow("viewer")
def account() -> str:
    """Profile, tokens, password, and how to connect a server."""
    return account_page()


@pages.post("/settings/password")
@allow("viewer")
def password() -> str | Response | tuple[str, int]:
    """A new password; this session goes on, all others end."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return account_page(form), 400
    name = current_user.name
    with writing():
        set_password(me(), user_named(name), form.new.data, now())
    begin_session(user_named(name))
    flash("Your password is changed. Your other sessions have ended.")
    return redirect(url_for("pages.account"), 303)


@pages.route("/settings/token", methods=["GET", "POST"])
@allow("viewer")
def new_token() -> str | Response:
    """Replace the token, after saying what that breaks."""

    def regenerate() -> Response:
        with writing():
            make_token(me(), user_named(current_user.name), now())
        flash("You have a new token. The old one no longer works.")
        return redirect(url_for("pages.account"), 303)

    return confirm(
        "Make a new token?",
        (
            "The token you have now stops working at once: scripts that use it, and "
            "dstack-runner config with the old one, are refused.",
            "Runners that are already configured go on: they have credentials of their own.",
        ),
        button="Regenerate",
        back=url_for("pages.account"),
        act=regenerate,
    )


def account_page(form: PasswordForm | None = None, token_form: TokenForm | None = None) -> str:
    """The page, with the form that was filled in wrongly, if one was."""
    return render_template(
        "settings/account.html",
        form=form or PasswordForm(formdata=None),
        token_form=token_form or TokenForm(formdata=None),
        token=token_of(current_user),
        token_used=last_use_of(current_user),
        tokens=scoped_tokens(current_user),
        section="Settings",
        tab="Account",
        shortest=SHORTEST_PASSWORD,
    )
