"""What a program of a run sends to add a job to it."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from webapp.api.words import RunName, Url, Word
from webapp.json_input import Input

_Text = Annotated[str, StringConstraints(max_length=100_000)]
_FROM_RUN = "Taken and not used: it is the run's."
_Ids = Annotated[list[Word], Field(max_length=1000)]


class CpuAsk(Input):
    """Processors."""

    count: float


class GpuAsk(Input):
    """GPUs."""

    count: int = 1
    name: Word | None = None
    memory: Annotated[Word | None, Field(examples=["16GB"])] = None


class ResourcesAsk(Input):
    """What the machine needs for the job."""

    cpu: CpuAsk | None = None
    memory: Annotated[Word | None, Field(examples=["16GB"])] = None
    gpu: GpuAsk | None = None
    shm_size: Word | None = None
    interruptible: bool | None = None


class JobSubmission(Input):
    """A job for a run that goes on."""

    run_name: RunName
    workflow_name: Word | None = None
    previous_job_ids: Annotated[
        _Ids | None, Field(description="Jobs of this run that have to be done first.")
    ] = None
    image_name: Annotated[Word | None, Field(description="None: on the machine itself.")] = None
    commands: Annotated[list[_Text] | None, Field(max_length=1000)] = None
    environment: Annotated[dict[Word, _Text] | None, Field(max_length=1000)] = None
    working_dir: Word | None = None
    artifacts: Annotated[list[Word] | None, Field(max_length=100)] = None
    resources: ResourcesAsk | None = None
    port_count: int | None = None
    ports: Annotated[
        list[str | int] | dict[str, Any] | None,
        Field(max_length=64, description="So many ports; the runner chooses which."),
    ] = None
    user_name: Annotated[Word | None, Field(description=_FROM_RUN)] = None
    repo_url: Annotated[Url | None, Field(description=_FROM_RUN)] = None
    repo_branch: Annotated[_Text | None, Field(description=_FROM_RUN)] = None
    repo_hash: Annotated[Word | None, Field(description=_FROM_RUN)] = None
    repo_diff: Annotated[str | None, Field(description=_FROM_RUN)] = None
    variables: Annotated[dict[str, Any] | None, Field(description=_FROM_RUN)] = None
    master_job_id: Annotated[None, Field(description="Only null: jobs have no master here.")] = None
    apps: Annotated[
        list[Any] | None, Field(description="Taken and not used: apps are not opened.")
    ] = None

    def properties(self) -> dict[str, Any]:
        """It as a workflow of a file says it."""
        asked = self.resources.model_dump(exclude_none=True) if self.resources else {}
        if self.resources and self.resources.cpu:
            asked["cpu"] = self.resources.cpu.count
        count = self.port_count or len(self.ports or ())
        return {
            "name": self.workflow_name,
            "provider": "docker" if self.image_name else "bash",
            "image": self.image_name,
            "commands": self.commands,
            "environment": self.environment,
            "working_dir": self.working_dir or None,
            "artifacts": self.artifacts,
            "resources": asked,
            "ports": count or None,
        }
