"""Shapes of what agents send; docs/agent-protocol.md says what each field means."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from webapp.json_input import Input

Line = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
RunnerName = Annotated[
    str, StringConstraints(max_length=60, pattern=r"^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$")
]
Label = Annotated[str, StringConstraints(max_length=60, pattern=r"^[A-Za-z0-9._=:/-]+$")]
JobId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]
Hex = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Uuid = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Millis = Annotated[int, Field(ge=0, le=10**14)]
Count = Annotated[int, Field(ge=0, le=10**9)]
# What programs printed before they failed is in it: a report must not be lost for a byte of that.
Sentence = Annotated[
    str,
    StringConstraints(max_length=2000),
    AfterValidator(lambda text: text.replace("\0", "\N{REPLACEMENT CHARACTER}")),
]


class Clone(Input):
    """`POST clone`"""

    protocol: int
    agent_version: Line
    machine_id: Hex
    clock: Millis


class Newcomer(Clone):
    """`POST runners`"""

    name: RunnerName | None = None
    max_jobs: Annotated[int, Field(ge=1, le=10_000)] | None = None
    labels: Annotated[list[Label], Field(max_length=50)] = []


class Gpu(Input):
    """One GPU."""

    name: Line
    memory_mib: Count


class Machine(Input):
    """What the machine has."""

    hostname: Line
    os: Line
    arch: Line
    cpu_milli: Annotated[int, Field(ge=1, le=10**8)]
    memory_mib: Count
    disk_free_mib: Count
    gpus: Annotated[list[Gpu], Field(max_length=64)]
    container_engine: Literal["docker", "podman"] | None
    python: Line
    instance_id: Line | None = None


class Start(Clone):
    """`POST start`"""

    session: Uuid
    previous_session: Uuid | None
    machine: Machine


class Held(Input):
    """One attempt that the agent has."""

    job: JobId
    attempt: Annotated[int, Field(ge=1, le=10**6)]


Holding = Annotated[list[Held], Field(max_length=10_000)]


class Poll(Input):
    """`POST poll`"""

    holding: Holding
    slots: Annotated[int, Field(ge=0, le=10_000)]


class Interruption(Input):
    """What EC2's metadata service announced."""

    action: Line
    at: Millis


class Heartbeat(Input):
    """`POST heartbeat`"""

    holding: Holding
    clock: Millis
    disk_free_mib: Count
    interruption: Interruption | None = None


class Started(Held):
    """The first instruction of an attempt ran."""

    kind: Literal["started"]
    at: Millis
    runs_in: Line | None = None
    ports: Annotated[list[Annotated[int, Field(ge=1, le=65535)]], Field(max_length=64)] = []


class Finished(Held):
    """An attempt ended."""

    kind: Literal["finished"]
    at: Millis
    outcome: Literal["exited", "signalled", "stopped", "aborted", "timeout", "failed", "returned"]
    exit_code: Annotated[int, Field(ge=-(2**31), le=2**31)] | None = None
    signal: Annotated[int, Field(ge=1, le=200)] | None = None
    reason: Sentence | None = None
    log_size: Annotated[int, Field(ge=0, le=2**62)]


class Reports(Input):
    """`POST reports`; each item is checked by itself."""

    reports: Annotated[list[dict[str, object]], Field(max_length=100)]


class Stop(Input):
    """`POST stop`"""

    reason: Sentence
