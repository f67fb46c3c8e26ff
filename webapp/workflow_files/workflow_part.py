"""One workflow of a file, in both of its forms, and the file itself."""

from typing import Annotated, Any, Self

from pydantic import Field, Tag, field_validator, model_validator

from webapp.engine.jobs import JobSpec
from webapp.engine.shell import script
from webapp.workflow_files import limits
from webapp.workflow_files.part import Part
from webapp.workflow_files.resources import ResourcesPart
from webapp.workflow_files.tree import Scalar
from webapp.workflow_files.values import (
    Command,
    Image,
    Label,
    Retries,
    Seconds,
    Text,
    VariableName,
    VariableValue,
    WorkflowName,
    expected,
    shape,
    wrong,
)

_PROVIDERS = ("bash",)

Commands = Annotated[
    Annotated[Command, Tag("one")]
    | Annotated[list[Command], Field(min_length=1, max_length=limits.MOST_COMMANDS), Tag("list")],
    shape({Scalar: "one", list: "list"}, "a command or a list of commands"),
]
Environment = Annotated[
    Annotated[
        dict[VariableName, VariableValue], Field(max_length=limits.MOST_VARIABLES), Tag("mapping")
    ]
    | Annotated[list[Text], Field(max_length=limits.MOST_VARIABLES), Tag("list")],
    shape({dict: "mapping", list: "list"}, "NAME: value lines, or a list of NAME=value"),
]


class WorkflowPart(Part):
    """A workflow as it stands in a file of one."""

    name: WorkflowName | None = None
    provider: Text | None = None
    commands: Commands
    image: Image | None = None
    environment: Environment = {}
    resources: ResourcesPart = ResourcesPart()
    timeout: Seconds | None = None
    retries: Retries = 0
    queue_timeout: Seconds | None = Field(None, alias="queue-timeout")
    working_dir: Text | None = None
    labels: Annotated[list[Label], Field(max_length=50)] = []

    @field_validator("provider")
    @classmethod
    def _known_provider(cls, value: str | None) -> str | None:
        if value not in (None, *_PROVIDERS):
            raise expected(f"a provider that is known here ({', '.join(_PROVIDERS)}), or none")
        return value

    @field_validator("working_dir")
    @classmethod
    def _stays_below(cls, value: str | None) -> str | None:
        if value and (".." in value.split("/") or len(value) > 1000 or "\n" in value):
            raise expected("a folder below the job's own, without `..`")
        return value

    @field_validator("environment", mode="after")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        return _from_list(value) if isinstance(value, list) else value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        size = len(self.script.encode())
        if size > limits.LONGEST_SCRIPT:
            sentence = f"`commands` may have {limits.LONGEST_SCRIPT} bytes together, not {size}."
            raise wrong(sentence + " Put them into a script of their own.", "commands")
        if (self.working_dir or "").startswith("/") and self.image is None:
            raise wrong("Without an `image` this should not begin with `/`.", "working_dir")
        return self

    @property
    def script(self) -> str:
        """What `/bin/sh -c` gets."""
        return script([self.commands] if isinstance(self.commands, str) else self.commands)

    def job(self) -> JobSpec:
        """The one job that this workflow is."""
        container = self.image is not None
        return JobSpec(
            commands=self.script,
            workflow_name=self.name,
            image=self.image,
            working_dir=self.working_dir,
            environment=dict(self.environment),
            ask=self.resources.ask(labels=frozenset(self.labels), container=container),
            timeout_s=self.timeout,
            queue_timeout_s=self.queue_timeout,
            retries=self.retries,
        )


class NamedWorkflowPart(WorkflowPart):
    """A workflow in a list of several: it needs a name."""

    name: WorkflowName


class FilePart(Part):
    """`workflows:` and the list of them."""

    workflows: Annotated[
        list[NamedWorkflowPart], Field(min_length=1, max_length=limits.MOST_WORKFLOWS)
    ]


def _from_list(items: list[str]) -> dict[str, str]:
    variables: dict[str, str] = {}
    for number, item in enumerate(items):
        name, equals, value = item.partition("=")
        if not equals or not name.isidentifier() or not name.isascii():
            raise wrong("Expected NAME=value.", number)
        if name in variables:
            raise wrong(f"`{name[:60]}` stands here twice; keep one of them.", number)
        variables[name] = value
    return variables
