"""The form of a repository: its address, and one thing that opens it."""

from flask import current_app
from flask_wtf import FlaskForm
from wtforms import (
    PasswordField,
    RadioField,
    SelectChoice,
    StringField,
    TextAreaField,
    ValidationError,
)

from webapp.engine.repository_access import (
    NONE,
    PASSWORD,
    SSH_KEY,
    TOKEN,
    BadAccess,
    Credentials,
    fitting,
)
from webapp.engine.repository_urls import BadUrl, check_url

_AGAIN = "Give it again: a secret is not sent back to the page."
_SECRETS = ("token", "password", "private_key", "passphrase")
#: Which fields each way of opening it needs.
FIELDS = {
    NONE: (),
    TOKEN: ("token", "user_name"),
    PASSWORD: ("user_name", "password"),
    SSH_KEY: ("private_key", "passphrase"),
}


def _tidy(text: str | None) -> str:
    return (text or "").strip()


class CredentialsForm(FlaskForm):
    """What opens a repository; `url` is set by who knows it already."""

    kind = RadioField(
        "What opens it",
        choices=[
            SelectChoice(NONE, "Nothing: anybody may read it"),
            SelectChoice(TOKEN, "A token"),
            SelectChoice(PASSWORD, "User name and password"),
            SelectChoice(SSH_KEY, "An SSH key"),
        ],
        default=NONE,
    )
    user_name = StringField("User name", filters=[_tidy])
    token = PasswordField("Token", filters=[_tidy])
    password = PasswordField("Password")
    private_key = TextAreaField("Private key")
    passphrase = PasswordField("Passphrase")

    address = ""

    def validate(self, extra_validators=None) -> bool:
        """All fields together: which are needed depends on the address."""
        good = super().validate(extra_validators)
        try:
            fitting(self.address, self._given())
        except BadAccess as error:
            field = error.field if error.field in FIELDS[self.kind.data or NONE] else "kind"
            self[field].errors = [*self[field].errors, str(error)]
            good = False
        return good

    def credentials(self) -> Credentials:
        """What was given, complete; only after `validate`."""
        return fitting(self.address, self._given())

    def without_secrets(self) -> "CredentialsForm":
        """To be shown again; says where that loses what was typed."""
        for name in _SECRETS:
            if self[name].data and not self[name].errors:
                self[name].errors = [_AGAIN]
            self[name].data = ""
        return self

    def _given(self) -> Credentials:
        named = {name: self[name].data or None for name in FIELDS[self.kind.data or NONE]}
        return Credentials(**named)


class RepositoryForm(CredentialsForm):
    """One that is not known yet."""

    url = StringField("URL", filters=[_tidy])

    def validate_url(self, field: StringField) -> None:
        """One that may be given to git."""
        allow_local = current_app.extensions["settings"].allow_local_repos
        try:
            check_url(field.data, allow_local)
        except BadUrl as error:
            raise ValidationError(str(error)) from None

    def validate(self, extra_validators=None) -> bool:
        """The address first: what opens it depends on it."""
        self.address = self.url.data
        if not FlaskForm.validate(self, extra_validators):
            return False
        return super().validate(extra_validators)
