"""The `resources` of a workflow."""

from typing import Annotated, Any

from pydantic import ConfigDict, Tag, model_validator

from webapp.engine.resources import Ask
from webapp.workflow_files.part import Part
from webapp.workflow_files.tree import Scalar
from webapp.workflow_files.values import (
    CpuMilli,
    GpuCount,
    GpuName,
    MemoryMib,
    YesNo,
    shape,
    wrong,
)

_SUFFIX = "/gpu"


class GpuPart(Part):
    """`gpu: {count: 2, name: V100, memory: 16GB}`"""

    count: GpuCount = 1
    name: GpuName | None = None
    memory: MemoryMib | None = None


_GpuShape = shape({Scalar: "number", dict: "gpu"}, "a number, or count, name and memory of a GPU")


class ResourcesPart(Part):
    """`resources:`; what is left out does not matter, one processor is the least."""

    model_config = ConfigDict(json_schema_extra={"patternProperties": {f"{_SUFFIX}$": {}}})

    cpu: CpuMilli = 1000
    memory: MemoryMib | None = None
    gpu: Annotated[
        Annotated[GpuCount, Tag("number")] | Annotated[GpuPart, Tag("gpu")], _GpuShape
    ] = 0
    shm_size: MemoryMib | None = None
    interruptible: YesNo | None = None

    @model_validator(mode="before")
    @classmethod
    def _named_gpu(cls, value: Any) -> Any:
        """`v100/gpu: 2` is another way to write `gpu: {name: v100, count: 2}`."""
        named = [key for key in value if key.endswith(_SUFFIX)] if isinstance(value, dict) else []
        if not named:
            return value
        if len(named) > 1 or "gpu" in value:
            raise wrong("Ask for one kind of GPU: keep one of " + ", ".join(map(str, named)) + ".")
        name = named[0].removesuffix(_SUFFIX)
        rest = {key: item for key, item in value.items() if key != named[0]}
        return {**rest, "gpu": {"count": value[named[0]], "name": name}}

    def ask(self, *, labels: frozenset[str], container: bool) -> Ask:
        """What a job with these resources needs of a machine."""
        gpu = self.gpu if isinstance(self.gpu, GpuPart) else GpuPart(count=self.gpu)
        return Ask(
            cpu_milli=self.cpu,
            memory_mib=self.memory or 0,
            shm_mib=self.shm_size or 0,
            gpu_count=gpu.count,
            gpu_name=gpu.name,
            gpu_memory_mib=gpu.memory or 0,
            labels=labels,
            container=container,
            interruptible=self.interruptible,
        )
