"""What a machine has."""

from collections.abc import Sequence
from typing import Any

from webapp.api.shapes.shape import Shape


class Cpu(Shape):
    """Processors."""

    count: int


class GpuShape(Shape):
    """One GPU; a second one of the same name is numbered: "V100", "V100 #2"."""

    name: str
    memory_mib: int


class Resources(Shape):
    """`interruptible`: a spot machine, which EC2 may take back."""

    cpu: Cpu
    memory_mib: int
    gpus: list[GpuShape]
    interruptible: bool


def resources(
    cpu_milli: int, memory_mib: int, gpus: Sequence[dict[str, Any]], interruptible: bool
) -> Resources:
    """The shape of it."""
    return Resources(
        cpu=Cpu(count=cpu_milli // 1000),
        memory_mib=memory_mib,
        gpus=_numbered(gpus),
        interruptible=interruptible,
    )


def _numbered(gpus: Sequence[dict[str, Any]]) -> list[GpuShape]:
    """The published client cannot bear two GPUs of one name in a list."""
    seen: dict[str, int] = {}
    named = []
    for gpu in gpus:
        number = seen[gpu["name"]] = seen.get(gpu["name"], 0) + 1
        name = gpu["name"] if number == 1 else f"{gpu['name']} #{number}"
        named.append(GpuShape(name=name, memory_mib=gpu["memory_mib"]))
    return named
