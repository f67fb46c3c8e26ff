"""Commands of one's own: in an image, or as the machine is."""

from collections.abc import Sequence
from dataclasses import replace

from webapp.engine.jobs import JobSpec
from webapp.engine.shell import script


def docker(shared: JobSpec, image: str, commands: Sequence[str]) -> JobSpec:
    """The commands in a container."""
    ask = replace(shared.ask, container=True)
    return replace(shared, commands=script(commands), image=image, ask=ask)


def bash(shared: JobSpec, commands: Sequence[str]) -> JobSpec:
    """The commands on the machine itself, by its `/bin/sh`."""
    return replace(shared, commands=script(commands))
