"""Where a job of the provider `python` runs: its image, or a virtual environment."""

from __future__ import annotations

from runner_client import pip, pull, virtual_environment
from runner_client.preparation import CannotRun, Preparation


def settle(preparation: Preparation) -> None:
    """Make it ready. Raises CannotRun, OSError, Ended."""
    job, engine = preparation.job, preparation.place.machine.engine
    needs = job.spec.python
    if engine is None or not needs.image:
        virtual_environment.make(preparation)
        return
    plain = job.spec
    job.spec = plain._replace(image=needs.image, commands=pip.before(plain.commands, needs))
    try:
        pull.fetch(engine, job)
    except pull.ImageMissing as error:  # no network, perhaps: this machine may have a Python itself
        job.spec = plain
        _without_image(preparation, str(error))


def _without_image(preparation: Preparation, why: str) -> None:
    preparation.say("%s Using a virtual environment instead." % _sentence(why))
    try:
        virtual_environment.make(preparation)
    except CannotRun as error:
        raise CannotRun("%s And without it: %s" % (_sentence(why), error)) from None


def _sentence(words: str) -> str:
    return words if words.endswith(".") else words + "."
