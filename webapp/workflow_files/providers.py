"""The providers: what each of them asks to be written, and the job that comes of it."""

from dataclasses import replace
from typing import Annotated, Any, Literal, Self

from pydantic import AliasChoices, BeforeValidator, Field, Tag, model_validator

from webapp.engine import providers
from webapp.engine.jobs import JobSpec
from webapp.workflow_files import limits
from webapp.workflow_files.tree import Scalar
from webapp.workflow_files.values import (
    Command,
    Image,
    InnerPath,
    PythonVersion,
    Url,
    shape,
    text_of,
    wrong,
)
from webapp.workflow_files.workflow_part import WorkflowPart

_List = Annotated[list[Command], Field(min_length=1, max_length=limits.MOST_COMMANDS), Tag("list")]
Commands = Annotated[
    Annotated[Command, Tag("one")] | _List,
    shape({Scalar: "one", list: "list"}, "a command or a list of commands"),
]
Script = Annotated[
    Annotated[Command, Tag("one")] | _List,
    shape({Scalar: "one", list: "list"}, "a script such as `train.py --epochs 3`, or its words"),
]
_Text = BeforeValidator(text_of)


class ProviderPart(WorkflowPart):
    """A workflow whose provider is known."""

    def job(self, shared: JobSpec) -> JobSpec:
        """The job, given what all of them share."""
        raise NotImplementedError


class OnMachinePart(ProviderPart):
    """A workflow that may run without a container: its folder is somewhere on a machine."""

    @model_validator(mode="after")
    def _relative(self) -> Self:
        if (self.working_dir or "").startswith("/") and not getattr(self, "image", None):
            raise wrong("Without an `image` this should not begin with `/`.", "working_dir")
        return self


class PlainPart(OnMachinePart):
    """Commands, in an image if there is one."""

    provider: None = None
    image: Image | None = Field(None, description="The container image they run in.")
    commands: Commands = Field(description="What it does; the first that fails ends it.")

    def job(self, shared: JobSpec) -> JobSpec:
        """Whether a machine needs a container engine follows from `image`."""
        commands = [self.commands] if isinstance(self.commands, str) else self.commands
        if self.image is None:
            return providers.bash(shared, commands)
        return providers.docker(shared, self.image, commands)


class BashPart(PlainPart):
    """Commands on the machine itself, or in an image if there is one."""

    provider: Annotated[Literal["bash"], _Text]  # type: ignore[assignment]


class DockerPart(PlainPart):
    """Commands in an image."""

    provider: Annotated[Literal["docker"], _Text]  # type: ignore[assignment]
    image: Image = Field(description="The container image they run in.")


class PythonPart(OnMachinePart):
    """A Python script with what it requires."""

    provider: Annotated[Literal["python"], _Text]
    python_script: Script = Field(description="The script with its arguments.")
    requirements: InnerPath | None = Field(None, description="The path of requirements.txt.")
    version: PythonVersion | None = Field(
        None, validation_alias=AliasChoices("version", "python"), description="Such as 3.11."
    )

    @model_validator(mode="before")
    @classmethod
    def _one_version(cls, value: Any) -> Any:
        if "version" in value and "python" in value:
            raise wrong("`version` and `python` mean the same: keep one of them.", "python")
        return value

    @model_validator(mode="after")
    def _no_option(self) -> Self:
        words = [self.python_script] if isinstance(self.python_script, str) else self.python_script
        if words[0].lstrip().startswith("-") or "\n" in words[0].strip():
            raise wrong("Expected the path of a script first, in one line.", "python_script")
        return self

    def job(self, shared: JobSpec) -> JobSpec:
        """An image or a virtual environment, as the machine can."""
        script = self.python_script
        words = script.strip() if isinstance(script, str) else script
        return providers.python(shared, words, self.version, self.requirements)


class CurlPart(OnMachinePart):
    """One file from an address."""

    provider: Annotated[Literal["curl"], _Text]
    url: Url = Field(description="Where the file is.")
    output: InnerPath = Field(description="What it is called here; kept as an artifact.")

    def job(self, shared: JobSpec) -> JobSpec:
        """The file is the artifact when none is named."""
        return providers.curl(shared, self.url, self.output)


PROVIDERS: dict[str | None, type[ProviderPart]] = {
    None: PlainPart,
    "bash": BashPart,
    "curl": CurlPart,
    "docker": DockerPart,
    "python": PythonPart,
}


def job_of(part: ProviderPart, shared: JobSpec) -> JobSpec:
    """The job of a workflow, with the name of its provider."""
    return replace(part.job(shared), provider=getattr(part, "provider", None))
