"""Which workflow of some files, with which variables: the part of the form that follows them."""

from dataclasses import dataclass, field

from flask_login import current_user
from werkzeug.datastructures import MultiDict
from wtforms import SelectChoice, SelectField, StringField, TextAreaField
from wtforms.form import BaseForm

from webapp.clock import now
from webapp.engine.jobs import Code
from webapp.engine.tags import UnknownTag
from webapp.engine.workflow_places import Files
from webapp.models.submission import submit_run
from webapp.models.transaction import writing
from webapp.people import me
from webapp.workflow_files import Workflow, WorkflowErrors, read_workflows
from webapp.workflow_files.variables import Variable

Typed = MultiDict[str, str]
_PREFIX = "var-"
_CHOOSE = "Choose which workflow to run."


@dataclass
class Choice:
    """`problems` are those of the files; `workflow` is None until one is chosen. `name` and
    `variables` are what the page shows."""

    files: Files
    name: SelectField
    workflow: Workflow | None = None
    variables: BaseForm = field(default_factory=lambda: BaseForm({}))
    required: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def given(self) -> dict[str, str]:
        """What was changed: a value that is passed on counts for all workflows of the run."""
        typed = {each.short_name: _lines(each.data) for each in self.variables}
        defaults = {each.short_name: each.default for each in self.variables}
        return {name: value for name, value in typed.items() if value != (defaults[name] or "")}

    def submit(self, code: Code) -> str | None:
        """Name of the new run; None when something is wrong, which is then said by field."""
        if self.workflow is None:
            self.name.errors = self.name.errors or ([] if self.problems else [_CHOOSE])
            return None
        given = self.given()
        if missing := self.required - given.keys():
            for name in missing:
                self.variables[name].errors = ["Give it a value: the file has none."]
            return None
        try:
            jobs = self.workflow.jobs(given)
            about = {"workflow_name": self.workflow.name, "variables": self.workflow.used(given)}
            about |= {"source": self.files.workflows, "code": code}
            with writing():
                return submit_run(me(), current_user.id, jobs, now(), **about)
        except WorkflowErrors as errors:
            self._tell(errors)
        except UnknownTag as error:
            self.name.errors = [str(error)]
        return None

    def _tell(self, errors: WorkflowErrors) -> None:
        for problem in errors.problems:
            name = problem.where.removeprefix("variables.")
            if problem.file is None and name in self.variables:
                self.variables[name].errors = [*self.variables[name].errors, problem.sentence]
            else:
                self.problems.append(str(problem))


def choice_of(files: Files, typed: Typed) -> Choice:
    """What there is to choose, with what was chosen so far."""
    choice = Choice(files, _select([], ""))
    try:
        workflows = read_workflows(files.workflows, files.variables)
    except WorkflowErrors as errors:
        choice.problems = [str(problem) for problem in errors.problems]
        return choice
    names = [name or "" for name in workflows.names]
    name = names[0] if len(names) == 1 else typed.get("workflow", "")
    choice.name = _select(names, name)
    if name in names:
        choice.workflow = next(each for each in workflows.items if (each.name or "") == name)
        variables = choice.workflow.variables()
        choice.required = {each.name for each in variables if each.value is None}
        choice.variables = _fields(variables, typed)
    return choice


def _select(names: list[str], chosen: str) -> SelectField:
    few = [] if len(names) == 1 else [SelectChoice("", "Choose…")]
    choices = few + [SelectChoice(name, name or "the only one") for name in names]
    form = BaseForm({"workflow": SelectField("Workflow", choices=choices, validate_choice=False)})
    form.process(data={"workflow": chosen})
    return form["workflow"]  # type: ignore[return-value]


def _fields(variables: list[Variable], typed: Typed) -> BaseForm:
    fields = {
        each.name: (TextAreaField if "\n" in (each.value or "") else StringField)(
            each.name, default=each.value
        )
        for each in variables
    }
    form = BaseForm(fields, prefix=_PREFIX)
    form.process(typed)
    return form


def _lines(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n")
