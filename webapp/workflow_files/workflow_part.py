"""What every workflow may say, whatever its provider."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, Tag, field_validator

from webapp.engine.jobs import JobSpec, TaggedInput
from webapp.workflow_files import limits
from webapp.workflow_files.need import Need, NeedItem
from webapp.workflow_files.part import Part
from webapp.workflow_files.resources import ResourcesPart
from webapp.workflow_files.tree import Scalar
from webapp.workflow_files.values import (
    Artifact,
    Label,
    Ports,
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

Environment = Annotated[
    Annotated[
        dict[VariableName, VariableValue], Field(max_length=limits.MOST_VARIABLES), Tag("mapping")
    ]
    | Annotated[list[Text], Field(max_length=limits.MOST_VARIABLES), Tag("list")],
    shape({dict: "mapping", list: "list"}, "NAME: value lines, or a list of NAME=value"),
]
Needs = Annotated[
    Annotated[NeedItem, Tag("one")]
    | Annotated[list[NeedItem], Field(max_length=limits.MOST_WORKFLOWS), Tag("list")],
    shape({Scalar: "one", list: "list"}, "a list of names of workflows"),
]


class WorkflowPart(Part):
    """A workflow."""

    name: WorkflowName | None = Field(None, description="What it is called.")
    environment: Environment = Field({}, description="Variables of its environment.")
    resources: ResourcesPart = Field(ResourcesPart(), description="What it needs of a machine.")
    depends_on: Needs = Field(
        [], alias="depends-on", description="Workflows that run before it, or workflow:tag."
    )
    artifacts: Annotated[list[Artifact], Field(max_length=limits.MOST_ARTIFACTS)] = Field(
        [], description="Folders that are kept when it is done."
    )
    ports: Ports = Field(0, description="How many ports it listens on.")
    timeout: Seconds | None = Field(None, description="How long it may run, such as 2h.")
    retries: Retries = Field(0, description="How often it is tried again when it fails.")
    queue_timeout: Seconds | None = Field(
        None, alias="queue-timeout", description="How long it may wait for a runner."
    )
    working_dir: Text | None = Field(None, description="The folder its commands begin in.")
    labels: Annotated[list[Label], Field(max_length=50)] = Field(
        [], description="Labels that the runner must have."
    )

    @field_validator("working_dir")
    @classmethod
    def _stays_below(cls, value: str | None) -> str | None:
        if value and (".." in value.split("/") or len(value) > 1000 or not value.isprintable()):
            raise expected("a folder below the job's own, without `..`")
        return value

    @field_validator("environment", mode="after")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        return _from_list(value) if isinstance(value, list) else value

    @field_validator("depends_on", mode="after")
    @classmethod
    def _each_once(cls, value: Any) -> Any:
        needs = value if isinstance(value, list) else [value]
        for number, need in enumerate(needs):
            if need in needs[:number]:
                raise wrong("This stands here twice; keep one of them.", number)
        return needs

    @field_validator("artifacts", mode="after")
    @classmethod
    def _different(cls, value: list[str]) -> list[str]:
        for number, path in enumerate(value):
            if path in value[:number]:
                raise wrong("This folder stands here twice; keep one of them.", number)
        return value

    @property
    def needs(self) -> list[Need]:
        """What it depends on."""
        return self.depends_on

    def shared(
        self,
        environment: Mapping[str, str],
        depends_on: tuple[int, ...],
        tagged: tuple[TaggedInput, ...],
    ) -> JobSpec:
        """All of the job but what its provider makes; `environment` is added to its own."""
        return JobSpec(
            commands="",
            workflow_name=self.name,
            working_dir=self.working_dir,
            environment={**self.environment, **environment},
            ask=self.resources.ask(labels=frozenset(self.labels), container=False),
            timeout_s=self.timeout,
            queue_timeout_s=self.queue_timeout,
            retries=self.retries,
            ports=self.ports,
            artifacts=tuple(self.artifacts),
            depends_on=depends_on,
            tagged_inputs=tagged,
        )


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
