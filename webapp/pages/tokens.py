"""Settings → Account: tokens with a name and a scope. Each is shown once."""

from flask import abort, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.access import allow
from webapp.clock import now
from webapp.models.scoped_token import TokenRefused, add_token, revoke_token, scoped_tokens
from webapp.models.transaction import writing
from webapp.models.user import user_named
from webapp.pages import pages
from webapp.pages.account import account_page
from webapp.pages.confirmation import confirm
from webapp.pages.token_form import TokenForm
from webapp.people import me


@pages.post("/settings/tokens")
@allow("viewer")
def add_scoped_token() -> str | tuple[str, int]:
    """A new one. It is in this answer and nowhere else: no redirect leads to it a second time."""
    form = TokenForm()
    if not form.validate_on_submit():
        return account_page(token_form=form), 400
    try:
        with writing():
            person = user_named(current_user.name)
            name, scope = form.token_name.data, form.scope.data
            secret = add_token(me(), person, name, scope, now())
    except TokenRefused as refused:
        form.token_name.errors = [str(refused)]
        return account_page(token_form=form), 400
    about = {"section": "Settings", "tab": "Account"}
    return render_template("settings/token_made.html", name=name, secret=secret, **about)


@pages.route("/settings/tokens/<name>/revoke", methods=["GET", "POST"])
@allow("viewer")
def revoke_scoped_token(name: str) -> str | Response | tuple[str, int]:
    """End one, after saying what that breaks."""
    if name not in [token.name for token in scoped_tokens(current_user)]:
        abort(404, f"You have no token called {name[:100]}.")

    def revoke() -> Response:
        with writing():
            revoke_token(me(), user_named(current_user.name), name, now())
        flash(f"The token {name} no longer works.")
        return redirect(url_for("pages.account"), 303)

    return confirm(
        f"Revoke the token {name}?",
        ("It stops working at once: scripts that use it are refused. It cannot be brought back.",),
        button="Revoke",
        back=url_for("pages.account"),
        act=revoke,
    )
