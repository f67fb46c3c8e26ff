"""Settings → Storage: what runs left takes, and how long it is kept."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField, ValidationError

from webapp.access import allow
from webapp.clock import now
from webapp.engine.retention import Rule
from webapp.models.retention import Stored, set_rule, stored, the_rule
from webapp.models.transaction import writing
from webapp.pages import pages
from webapp.people import me
from webapp.storage.room import free_bytes

_MOST_RUNS = 50
_LARGEST = {"days": 36_500, "gib": 1_000_000}


def _tidy(text: str | None) -> str:
    return (text or "").strip()


class RuleForm(FlaskForm):
    """Both numbers may be left empty."""

    days = StringField("Days", filters=[_tidy])
    gib = StringField("GiB", filters=[_tidy])
    logs = BooleanField("Delete logs too")

    def validate_days(self, field: StringField) -> None:
        """A whole number or nothing."""
        _check(field)

    validate_gib = validate_days

    @property
    def rule(self) -> Rule:
        """What was typed; the form is valid."""
        numbers = [int(field.data) if field.data else None for field in (self.days, self.gib)]
        return Rule(*numbers, logs=bool(self.logs.data))


@pages.get("/settings/storage")
@allow("admin")
def storage() -> str:
    """What is stored, and the rule."""
    rule = the_rule()
    known = {"days": rule.days, "gib": rule.gib}
    texts = {name: "" if value is None else str(value) for name, value in known.items()}
    return _page(RuleForm(formdata=None, data={**texts, "logs": rule.logs}))


@pages.get("/settings/storage/rule")
@allow("admin")
def storage_rule() -> str | tuple[str, int]:
    """Say what a rule would delete now, before it is one."""
    form = RuleForm(formdata=request.args, meta={"csrf": False})
    if not form.validate():
        return _page(form), 400
    return _ask(form)


@pages.post("/settings/storage/rule")
@allow("admin")
def set_storage_rule() -> Response | tuple[str, int]:
    """From now on."""
    form = RuleForm()
    if not form.validate():
        return _page(form), 400
    with writing():
        set_rule(me(), form.rule, now())
    flash(f"The rule is set: {form.rule.words}.")
    return redirect(url_for("pages.storage"), 303)


def _check(field: StringField) -> None:
    text, most = field.data, _LARGEST[field.name]
    if text and not (text.isascii() and text.isdigit() and int(text) <= most):
        raise ValidationError(f"Give a whole number up to {most}, or leave it empty.")


def _stored() -> Stored:
    return stored(current_app.extensions["settings"].log_maximum, now())


def _page(form: RuleForm) -> str:
    seen, rule, settings = _stored(), the_rule(), current_app.extensions["settings"]
    runs = sorted(seen.runs, key=lambda run: seen.own(run) + run.logs, reverse=True)
    return render_template(
        "settings/storage.html",
        section="Settings",
        tab="Storage",
        form=form,
        seen=seen,
        runs=runs[:_MOST_RUNS],
        more=max(0, len(runs) - _MOST_RUNS),
        rule=rule,
        due=seen.due(rule, now()),
        bucket=settings.s3_bucket,
        free=free_bytes(settings.data_dir),
    )


def _ask(form: RuleForm) -> str:
    rule = form.rule
    return render_template(
        "settings/storage_rule.html",
        section="Settings",
        tab="Storage",
        form=form,
        rule=rule,
        due=_stored().due(rule, now()),
    )
