"""What a machine has, what a job asks, whether it fits, and what is left.

Processors are thousandths (`cpu_milli`), memory is MiB.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gpu:
    """One GPU of a machine."""

    name: str
    memory_mib: int


@dataclass(frozen=True, slots=True)
class Have:
    """What a machine offers to jobs. `slots`: how many more jobs it takes, None: no limit."""

    cpu_milli: int
    memory_mib: int
    gpus: tuple[Gpu, ...] = ()
    slots: int | None = None
    labels: frozenset[str] = frozenset()
    containers: bool = True
    interruptible: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """What a job needs. Zero: anything will do; `interruptible` None: either."""

    cpu_milli: int = 1000
    memory_mib: int = 0
    shm_mib: int = 0
    gpu_count: int = 0
    gpu_name: str | None = None
    gpu_memory_mib: int = 0
    labels: frozenset[str] = frozenset()
    container: bool = False
    interruptible: bool | None = None


def misfit(ask: Ask, have: Have) -> str | None:
    """Why a job does not fit a machine, in words that follow "it needs"; None when it fits."""
    if have.slots is not None and have.slots < 1:
        return "a free slot"
    if ask.cpu_milli > have.cpu_milli:
        return f"{cpus(ask.cpu_milli)} CPU"
    if ask.memory_mib > have.memory_mib:
        return f"{ask.memory_mib} MiB of memory"
    if ask.gpu_count and ask.gpu_count > len(_suitable(ask, have)):
        return f"{ask.gpu_count} GPU" + (f" {ask.gpu_name}" if ask.gpu_name else "")
    if not ask.labels <= have.labels:
        return "the label " + ", ".join(sorted(ask.labels - have.labels))
    if ask.container and not have.containers:
        return "a container engine (docker or podman)"
    if ask.interruptible is False and have.interruptible:
        return "a machine that is not interruptible"
    return None


def fits(ask: Ask, have: Have) -> bool:
    """Whether a job can be placed on a machine with this much left."""
    return misfit(ask, have) is None


def take(have: Have, ask: Ask) -> Have:
    """What is left of a machine once a job that fits is placed on it."""
    return Have(  # written out: the planner does this ten thousand times a second
        have.cpu_milli - ask.cpu_milli,
        have.memory_mib - ask.memory_mib,
        _without(have.gpus, _suitable(ask, have)[: ask.gpu_count]) if ask.gpu_count else have.gpus,
        None if have.slots is None else have.slots - 1,
        have.labels,
        have.containers,
        have.interruptible,
    )


def left(have: Have, asks: Iterable[Ask]) -> Have:
    """What is left of a machine while these jobs run on it."""
    for ask in asks:
        have = take(have, ask)
    return have


def cpus(milli: int) -> str:
    """Thousandths of a processor as a person writes them: 1500 -> "1.5", 2000 -> "2"."""
    return f"{milli / 1000:g}"


def _without(gpus: tuple[Gpu, ...], gone: list[Gpu]) -> tuple[Gpu, ...]:
    rest = list(gpus)
    for gpu in gone:
        rest.remove(gpu)
    return tuple(rest)


def _suitable(ask: Ask, have: Have) -> list[Gpu]:
    """GPUs that would do, smallest first, so that big ones stay for those who need them."""
    wanted = (ask.gpu_name or "").lower()
    good = [g for g in have.gpus if wanted in g.name.lower() and g.memory_mib >= ask.gpu_memory_mib]
    return sorted(good, key=lambda gpu: gpu.memory_mib)
