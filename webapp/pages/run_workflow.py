"""Run workflow: paste or upload a workflow file; what is wrong is said by line."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from webapp.access import allow
from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.engine.tags import UnknownTag
from webapp.models.submission import submit_run
from webapp.models.transaction import writing
from webapp.pages import pages
from webapp.people import me
from webapp.workflow_files import UnknownWorkflow, Workflow, WorkflowErrors, read_workflows

_EXAMPLE = """workflows:
  - name: hello
    commands:
      - echo "Hello from $(hostname)"
"""
_NOT_TEXT = "This file is not text in UTF-8."


class WorkflowForm(FlaskForm):
    """`file`, when one is chosen, replaces the text."""

    text = TextAreaField("Workflow file")
    file = FileField("Or choose a file")
    name = StringField("Workflow to run", filters=[lambda text: (text or "").strip() or None])


@pages.route("/runs/new", methods=["GET", "POST"])
@allow("member")
def run_workflow() -> str | Response | tuple[str, int]:
    """Everything typed stays until it is right."""
    form = WorkflowForm()
    if not form.validate_on_submit():
        form.text.data = form.text.data or _EXAMPLE
        return render_template("runs/new.html", section="Runs", form=form)
    if not _take_file(form):
        return _again(form)
    chosen = _workflow(form)
    if chosen is None:
        return _again(form)
    workflow, jobs = chosen
    about = {"workflow_name": workflow.name, "variables": workflow.used()}
    try:
        with writing():
            name = submit_run(me(), current_user.id, jobs, now(), **about, source=form.text.data)
    except UnknownTag as unknown:
        form.text.errors = [str(unknown)]
        return _again(form)
    flash(f"{name} is submitted.")
    return redirect(url_for("pages.run", name=name), 303)


def _take_file(form: WorkflowForm) -> bool:
    """Put an uploaded file into the text field, so that it can be put right there."""
    if not form.file.data:
        return True
    try:
        form.text.data = form.file.data.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        form.file.errors = [_NOT_TEXT]
        return False
    return True


def _workflow(form: WorkflowForm) -> tuple[Workflow, list[JobSpec]] | None:
    try:
        workflow = read_workflows(form.text.data or "").pick(form.name.data)
        return workflow, workflow.jobs()
    except WorkflowErrors as errors:
        form.text.errors = [str(problem) for problem in errors.problems]
    except UnknownWorkflow as unknown:
        form.name.errors = [str(unknown)]
    return None


def _again(form: WorkflowForm) -> tuple[str, int]:
    return render_template("runs/new.html", section="Runs", form=form), 400
