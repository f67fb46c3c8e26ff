"""What a job asks of a machine."""

from pydantic import Field

from webapp.api.shapes.shape import Shape
from webapp.models.job import Job


class CpuRequirement(Shape):
    """Processors; a part of one is a fraction."""

    count: float | int


class GpuRequirement(Shape):
    """So many GPUs, of this name and with at least this memory where they are given."""

    name: str | None
    count: int
    memory: int | None = Field(description="MiB")


class Requirements(Shape):
    """What the machine needs for it."""

    cpu: CpuRequirement
    memory: int | None = Field(description="MiB")
    shm_size: int | None = Field(description="MiB")
    gpu: GpuRequirement | None
    interruptible: bool | None = Field(description="Whether it may, or must not, run on spot.")


def requirements(job: Job) -> Requirements:
    """Those of this job."""
    gpu = GpuRequirement(name=job.gpu_name, count=job.gpu_count, memory=job.gpu_memory_mib or None)
    whole = job.cpu_milli % 1000 == 0
    return Requirements(
        cpu=CpuRequirement(count=job.cpu_milli // 1000 if whole else job.cpu_milli / 1000),
        memory=job.memory_mib or None,
        shm_size=job.shm_mib or None,
        gpu=gpu if job.gpu_count else None,
        interruptible=job.interruptible,
    )
