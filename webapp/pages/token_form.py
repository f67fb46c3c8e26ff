"""The form of a token with a name and a scope."""

from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import Regexp

from webapp.models.scoped_token import scopes_for
from webapp.pages.fields import needed

_SAYS = {
    "read": "read: looks, as a viewer",
    "submit": "submit: also runs workflows and adds runners, as a member",
    "admin": "admin: also limits and AWS, as an admin",
}
_RULE = "Letters, digits, dot, dash, underscore, space; at most 60, a letter or digit first."


class TokenForm(FlaskForm):
    """Scopes beyond the person's role are not offered, and not taken."""

    token_name = StringField(
        "Name",
        [needed("Give it a name."), Regexp(r"^[A-Za-z0-9][A-Za-z0-9._ -]{0,59}$", message=_RULE)],
        filters=[lambda text: text.strip() if text else text],
    )
    scope = SelectField("Scope")

    def __init__(self, *args, **words) -> None:
        super().__init__(*args, **words)
        scopes = scopes_for(current_user)
        self.scope.choices = [SelectChoice(scope, _SAYS[scope]) for scope in scopes]
