"""The switch "On-demand runners", and stopping everything."""

from flask import flash, redirect, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectChoice, StringField, ValidationError

from webapp.access import allow
from webapp.clock import now
from webapp.engine.words import count
from webapp.models.aws_account import aws_account, switch
from webapp.models.on_demand_use import use_now
from webapp.models.transaction import writing
from webapp.models.wishes import DRAIN, NOW, end_all, stop_everything
from webapp.pages import pages
from webapp.pages.confirmation import confirm
from webapp.people import me

TYPED = "stop everything"


class OffForm(FlaskForm):
    """What becomes of the jobs."""

    when = RadioField(
        "Jobs on the machines",
        choices=[
            SelectChoice(DRAIN, "Finish jobs first"),
            SelectChoice(NOW, "Now: their jobs are queued again"),
        ],
        default=DRAIN,
    )


class StopForm(FlaskForm):
    """Typed by hand, so that nobody does it by mistake."""

    typed = StringField(f"Type: {TYPED}")

    def validate_typed(self, field: StringField) -> None:
        """Word for word."""
        if (field.data or "").strip().lower() != TYPED:
            raise ValidationError(f"Type the two words “{TYPED}” to go on.")


@pages.post("/settings/aws/on")
@allow("admin")
def aws_on() -> Response:
    """Launch machines when work waits."""
    if aws_account() is None:
        flash("Enter keys first.", "error")
        return _back()
    with writing():
        switch(me(), True, now())
    flash("On-demand runners are enabled.")
    return _back()


@pages.route("/settings/aws/off", methods=["GET", "POST"])
@allow("admin")
def aws_off() -> str | Response | tuple[str, int]:
    """Launch nothing more and end every machine, after saying what is on them."""
    if aws_account() is None:
        flash("Enter keys first.", "error")
        return _back()
    form, use = OffForm(), use_now()
    fate = "All machines end, and no new ones are" if use.machines else "No new ones are"
    return confirm(
        "Switch on-demand runners off?",
        (f"{use} {fate} launched. Waiting jobs wait on.",),
        button="Switch off",
        back=url_for("pages.aws"),
        act=lambda: _off(form),
        form=form,
    )


@pages.route("/settings/aws/stop", methods=["GET", "POST"])
@allow("admin")
def aws_stop() -> str | Response | tuple[str, int]:
    """No new launches, all machines end now, jobs stay queued."""
    use = use_now()
    fate = "All machines end at once, and their jobs go back to the queue." if use.machines else ""
    return confirm(
        "Stop everything?",
        (f"{use} {fate} Nothing new is launched. Self-hosted runners go on.",),
        button="Stop everything",
        back=url_for("pages.aws"),
        act=_stop,
        form=StopForm(),
    )


def _off(form: OffForm) -> Response:
    with writing():
        switch(me(), False, now())
        if form.when.data == NOW:
            end_all(me(), NOW, now())
    flash("On-demand runners are switched off. Machines are billed until AWS says they are gone.")
    return _back()


def _stop() -> Response:
    with writing():
        machines = stop_everything(me(), now())
    flash(f"Stopped: {count(machines, 'machine')} told to end now.")
    return _back()


def _back() -> Response:
    return redirect(url_for("pages.aws"), 303)
