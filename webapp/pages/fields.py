"""Fields that several forms share, and their rules."""

from wtforms import PasswordField, StringField
from wtforms.validators import Email, EqualTo, InputRequired, Length, Regexp, ValidationError

from webapp.models.user import NAME, SHORTEST_PASSWORD, user_named

_NAME_RULE = "Small letters, digits, dot, dash and underscore, at most 40; begin with a letter."


def _tidy(text: str | None) -> str | None:
    return text.strip().lower() if text else text


def _free(form, field) -> None:
    if user_named(field.data):
        raise ValidationError(f"Somebody here is already called {field.data}.")


def needed(sentence: str) -> InputRequired:
    """The field may not be empty; says so."""
    return InputRequired(sentence)


def new_name() -> StringField:
    """The name of a new account."""
    rules = [needed("Give a name."), Regexp(f"^(?:{NAME.pattern})$", message=_NAME_RULE), _free]
    return StringField("Username", rules, filters=[_tidy])


def new_email() -> StringField:
    """The email of a new account."""
    rules = [needed("Give an email address."), Email("This is not an email address."), _free]
    return StringField("Email", rules, filters=[_tidy])


def new_password(label: str = "Password") -> PasswordField:
    """A password to be chosen."""
    short = f"Use at least {SHORTEST_PASSWORD} characters."
    rules = [needed("Choose a password."), Length(SHORTEST_PASSWORD, 200, message=short)]
    return PasswordField(label, rules)


def again(of: str, label: str = "The same again") -> PasswordField:
    """The password typed a second time."""
    return PasswordField(label, [EqualTo(of, "The two passwords differ.")])
