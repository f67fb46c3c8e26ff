"""Run workflow, of a file that is pasted or uploaded; what is wrong is said by line."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField

from webapp.access import allow
from webapp.clock import now
from webapp.engine.jobs import JobSpec
from webapp.engine.tags import UnknownTag
from webapp.models.repo import repos
from webapp.models.submission import submit_run
from webapp.models.transaction import writing
from webapp.pages import pages
from webapp.pages.new_run.variable_lines import BadLine, read_lines
from webapp.people import me
from webapp.workflow_files import UnknownWorkflow, Workflow, WorkflowErrors, read_workflows
from webapp.workflow_files.limits import MOST_BYTES

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
    variables = TextAreaField("Variables")


@pages.route("/runs/new", methods=["GET", "POST"])
@allow("member")
def run_workflow() -> str | Response | tuple[str, int]:
    """Everything typed stays until it is right."""
    form = WorkflowForm()
    if not form.validate_on_submit():
        if request.method == "GET" and "paste" not in request.args and _any_repository():
            return redirect(url_for("pages.run_commit"), 303)
        form.text.data = form.text.data or _EXAMPLE
        return _page(form)
    if not _take_file(form):
        return _page(form), 400
    chosen = _workflow(form)
    if chosen is None:
        return _page(form), 400
    workflow, jobs, variables = chosen
    about = {"workflow_name": workflow.name, "variables": workflow.used(variables)}
    try:
        with writing():
            name = submit_run(me(), current_user.id, jobs, now(), **about, source=form.text.data)
    except UnknownTag as unknown:
        form.text.errors = [str(unknown)]
        return _page(form), 400
    flash(f"{name} is submitted.")
    return redirect(url_for("pages.run", name=name), 303)


def _any_repository() -> bool:
    return any(repo.usable for repo in repos())


def _take_file(form: WorkflowForm) -> bool:
    """Put an uploaded file into the text field, so that it can be put right there."""
    if not form.file.data:
        return True
    with form.file.data.stream as file:
        raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        form.file.errors = [f"A workflow file may have {MOST_BYTES} bytes; this one has more."]
        return False
    try:
        form.text.data = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        form.file.errors = [_NOT_TEXT]
        return False
    return True


def _workflow(form: WorkflowForm) -> tuple[Workflow, list[JobSpec], dict[str, str]] | None:
    try:
        variables = read_lines(form.variables.data)
        workflow = read_workflows(form.text.data or "").pick(form.name.data)
        return workflow, workflow.jobs(variables), variables
    except BadLine as error:
        form.variables.errors = [str(error)]
    except WorkflowErrors as errors:
        typed = [problem for problem in errors.problems if problem.file is None]
        form.variables.errors = [f"{each.where}: {each.sentence}" for each in typed]
        form.text.errors = [str(each) for each in errors.problems if each not in typed]
    except UnknownWorkflow as unknown:
        form.name.errors = [str(unknown)]
    return None


def _page(form: WorkflowForm) -> str:
    return render_template("runs/new.html", section="Runs", way="Paste", form=form)
