"""A Python script with what it requires."""

import shlex
from collections.abc import Sequence
from dataclasses import replace

from webapp.engine.jobs import JobSpec, PythonSetup

NEWEST = "3"


def python(
    shared: JobSpec, script: str | Sequence[str], version: str | None, requirements: str | None
) -> JobSpec:
    """`script` is a line for the shell (`train.py --epochs 3`), or its words one by one.

    Nothing here asks for a container engine: a machine with one uses the image, any other makes a
    virtual environment.
    """
    words = script if isinstance(script, str) else shlex.join(script)
    setup = PythonSetup(version, requirements, image=f"python:{version or NEWEST}")
    return replace(shared, commands=f"python {words}", python=setup)
