"""A job as a workflow describes it, before it has an id or a place."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from webapp.engine.resources import Ask


@dataclass(frozen=True, slots=True)
class PythonSetup:
    """What a job of the provider `python` needs before its first command.

    `version` such as "3.11" (None: any), `requirements` the path of a file in its folder. `image`
    is used on a machine with a container engine; one without makes a virtual environment.
    """

    version: str | None = None
    requirements: str | None = None
    image: str | None = None


@dataclass(frozen=True, slots=True)
class TaggedInput:
    """`depends-on: [prepare:latest]`: the artifacts of the run with that tag; no job of ours.

    `variables`: what those of that workflow are here; None when the file does not have it.
    """

    workflow_name: str
    tag: str
    variables: Mapping[str, str] | None = field(default=None, hash=False)


@dataclass(frozen=True, slots=True)
class JobSpec:
    """`commands` is one line for `/bin/sh -c`; times are seconds.

    `depends_on` are positions in the same submission: those jobs have to be done first, and their
    artifacts appear in this one's folder. `artifacts` are folders kept after the job.
    """

    commands: str
    workflow_name: str | None = None
    image: str | None = None
    working_dir: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    ask: Ask = field(default_factory=Ask)
    timeout_s: int | None = None
    queue_timeout_s: int | None = None
    retries: int = 0
    provider: str | None = None
    python: PythonSetup | None = None
    ports: int = 0
    artifacts: tuple[str, ...] = ()
    depends_on: tuple[int, ...] = ()
    tagged_inputs: tuple[TaggedInput, ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """Where the files of a run come from: a commit of a repository with local changes on top of
    it (`repo_diff`, as git prints them), or an archive that was sent (its SHA-256); or nothing."""

    repo_url: str | None = None
    repo_branch: str | None = None
    repo_hash: str | None = None
    repo_diff: str | None = None
    archive: str | None = None
