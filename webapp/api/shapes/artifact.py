"""What jobs left."""

from typing import Any

from pydantic import Field

from webapp.api.shapes.shape import Shape


class ArtifactShape(Shape):
    """One file."""

    path: str = Field(description="Relative to the job's folder.", examples=["output/model.txt"])
    size: int = Field(description="Bytes.")
    sha256: str
    mode: int = Field(description="Permission bits.")


class Artifacts(Shape):
    """The files that a job left, by path."""

    job_id: str
    attempt: int | None = Field(description="Which attempt left them; null: there are none.")
    files: list[ArtifactShape]
    next: str | None = Field(description="The `after` of the next call; null: this is the end.")


def artifact_shape(row: Any) -> ArtifactShape:
    """A file of the books."""
    return ArtifactShape(path=row.path, size=row.size, sha256=row.sha256, mode=row.mode)
