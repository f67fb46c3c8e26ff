"""A virtual environment of one job's own, for Python jobs without an image."""

from __future__ import annotations

import os
from pathlib import Path

from runner_client import environment, pip, pythons, working_dir
from runner_client.folders import Folder
from runner_client.preparation import CannotRun, Preparation

_KEPT = 4000


def make(preparation: Preparation) -> None:
    """Raises CannotRun, OSError, Ended."""
    job = preparation.job
    needs = job.spec.python
    found = pythons.find(needs.version)
    place = path(job.folder)
    # Without pip it takes a tenth of the time, and no package of the distribution's.
    bare = [] if needs.requirements else ["--without-pip"]
    words = [found.path, "-m", "venv", *bare, str(place)]
    tail = _Tail()
    if preparation.run(words, _variables(preparation), job.folder.path, tail.keep) != 0:
        raise CannotRun(_not_made(found, tail.text()))
    job.runs_in = "virtual environment, Python %s" % found.version
    if needs.requirements:
        _install(preparation, needs.requirements)


def path(folder: Folder) -> Path:
    return folder.path / "venv"


def activate(variables: dict, folder: Folder) -> dict:
    """The variables of a job in which `python` is the one of its virtual environment."""
    place = path(folder)
    programs = os.pathsep.join([str(place / "bin"), variables["PATH"]])
    return dict(variables, PATH=programs, VIRTUAL_ENV=str(place))


def _install(preparation: Preparation, requirements: str) -> None:
    tail = _Tail()

    def take(data: bytes) -> None:
        preparation.take(data)
        tail.keep(data)

    job = preparation.job
    folder = working_dir.inside(job.folder.work, job.spec.working_dir)
    python = str(path(job.folder) / "bin" / "python")
    words = pip.command(python, requirements)
    if preparation.run(words, _variables(preparation), folder, take) != 0:
        raise CannotRun(pip.failure(requirements, tail.text()))


def _variables(preparation: Preparation) -> dict:
    job = preparation.job
    return environment.direct(job.spec, job.folder, None, job.secrets)


def _not_made(python: pythons.Python, printed: str) -> str:
    if "ensurepip" in printed:
        hint = "install the package python3-venv, or docker or podman"
        return "Python %s of this machine has no ensurepip: %s." % (python.version, hint)
    lines = printed.strip().splitlines()
    return "The virtual environment could not be made: %s" % (lines[-1] if lines else "no reason")


class _Tail:
    """The end of what a program printed."""

    def __init__(self) -> None:
        self._data = bytearray()

    def keep(self, data: bytes) -> None:
        self._data.extend(data)
        del self._data[:-_KEPT]

    def text(self) -> str:
        return bytes(self._data).decode("utf-8", "replace")
