"""Settings → Secrets: names to look at, values to give away and never see again."""

from flask import abort, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField, ValidationError

from webapp.access import allow
from webapp.clock import now
from webapp.engine.secrets import wrong_with_name, wrong_with_value
from webapp.models.secret import NoRoom, delete_secret, secret_exists, secret_rows, set_secret
from webapp.models.transaction import writing
from webapp.pages import pages
from webapp.pages.confirmation import confirm
from webapp.people import me

_AGAIN = "Paste the value again: a secret is not sent back to the page."


def _pasted(text: str | None) -> str:
    """Browsers send a line break as two characters, and one line is often pasted with its end."""
    value = (text or "").replace("\r\n", "\n")
    return value if "\n" in value.strip("\n") else value.strip("\n")


class ValueForm(FlaskForm):
    """A new value for a secret that there is."""

    value = TextAreaField("Value", filters=[_pasted])

    def validate_value(self, field: TextAreaField) -> None:
        """Never repeats it."""
        if sentence := wrong_with_value(field.data):
            raise ValidationError(sentence)

    def without_value(self) -> "ValueForm":
        """To be shown again; says so when that loses what was typed."""
        if self.value.data and not self.value.errors:
            self.value.errors = [_AGAIN]
        self.value.data = ""
        return self


class SecretForm(ValueForm):
    """A secret that there is not yet."""

    name = StringField("Name", filters=[lambda text: (text or "").strip()])

    def validate_name(self, field: StringField) -> None:
        """Free, and one that a process can be given."""
        if sentence := wrong_with_name(field.data):
            raise ValidationError(sentence)
        if secret_exists(field.data):
            raise ValidationError(f"There is a secret called {field.data}: replace it instead.")


@pages.get("/settings/secrets")
@allow("member")
def secrets() -> str:
    """All names."""
    return render_template(
        "settings/secrets.html", secrets=secret_rows(), section="Settings", tab="Secrets"
    )


@pages.route("/settings/secrets/add", methods=["GET", "POST"])
@allow("admin")
def add_secret() -> str | Response | tuple[str, int]:
    """One more."""
    form = SecretForm()
    if form.validate_on_submit() and _kept(form, form.name.data):
        flash(f"{form.name.data} is kept, encrypted. Jobs that begin from now on get it.")
        return _back()
    return _form(form, None)


@pages.route("/settings/secrets/<name>/replace", methods=["GET", "POST"])
@allow("admin")
def replace_secret(name: str) -> str | Response | tuple[str, int]:
    """Another value under the same name."""
    _must_exist(name)
    form = ValueForm()
    if form.validate_on_submit() and _kept(form, name):
        flash(f"{name} is replaced. Jobs that begin from now on get the new value.")
        return _back()
    return _form(form, name)


@pages.route("/settings/secrets/<name>/delete", methods=["GET", "POST"])
@allow("admin")
def forget_secret(name: str) -> str | Response | tuple[str, int]:
    """After saying what that breaks."""
    _must_exist(name)
    return confirm(
        f"Delete {name}?",
        (
            "Its value is forgotten; nobody can bring it back.",
            "Jobs that begin from now on do without it. Jobs that run already keep it.",
        ),
        button="Delete secret",
        back=url_for("pages.secrets"),
        act=lambda: _forgotten(name),
    )


def _kept(form: ValueForm, name: str) -> bool:
    try:
        with writing():
            set_secret(me(), name, form.value.data, now())
    except NoRoom as error:
        form.value.errors = [str(error)]
        return False
    return True


def _forgotten(name: str) -> Response:
    with writing():
        delete_secret(me(), name, now())
    flash(f"{name} is deleted.")
    return _back()


def _form(form: ValueForm, name: str | None) -> str | tuple[str, int]:
    tried = form.is_submitted()
    about = {"section": "Settings", "tab": "Secrets", "name": name}
    page = render_template("settings/secret.html", form=form.without_value(), **about)
    return (page, 400) if tried else page


def _must_exist(name: str) -> None:
    if not secret_exists(name):
        abort(404, f"There is no secret called {name[:100]}.")


def _back() -> Response:
    return redirect(url_for("pages.secrets"), 303)
