"""A job as a workflow describes it, before it has an id or a place."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from webapp.engine.resources import Ask


@dataclass(frozen=True, slots=True)
class JobSpec:
    """`commands` is one line for `/bin/sh -c`; times are seconds."""

    commands: str
    workflow_name: str | None = None
    image: str | None = None
    working_dir: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    ask: Ask = field(default_factory=Ask)
    timeout_s: int | None = None
    queue_timeout_s: int | None = None
    retries: int = 0
