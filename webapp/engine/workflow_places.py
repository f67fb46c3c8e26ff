"""Where the workflow files of a directory are, and the two of them as text."""

from dataclasses import dataclass

FOLDER = ".dstack"
WORKFLOWS, VARIABLES = f"{FOLDER}/workflows.yaml", f"{FOLDER}/variables.yaml"


@dataclass(frozen=True, slots=True)
class Files:
    """`variables` is None when there is no such file."""

    workflows: str
    variables: str | None
