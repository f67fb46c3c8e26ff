"""Fetching the image of a job. Its progress is no part of the job's log."""

from __future__ import annotations

from typing import Callable

from runner_client import container
from runner_client.engines import Engine
from runner_client.following import Following
from runner_client.job import Job
from runner_client.process import Process

_KEPT = 2000


class ImageMissing(Exception):
    """One sentence with the engine's own words."""


def fetch(engine: Engine, job: Job) -> None:
    """Make sure that the image is here; raises ImageMissing, OSError.

    An order that comes meanwhile ends it quietly: the caller looks at the job's control.
    """
    image = job.spec.image
    if image.startswith("-"):
        raise ImageMissing("%s is not the name of an image." % image)
    if container.is_here(engine, image):
        return
    words = bytearray()

    def keep(data: bytes) -> None:
        words.extend(data)
        del words[:-_KEPT]

    if _pull(engine, job, keep) != 0 and job.control.ending is None:
        lines = bytes(words).decode("utf-8", "replace").strip().splitlines()
        last = lines[-1].strip() if lines else "it gave no reason"
        raise ImageMissing("The image %s could not be pulled: %s" % (image, last))


def _pull(engine: Engine, job: Job, keep: Callable[[bytes], None]) -> int:
    folder = job.folder.path
    argv = [engine.path, "pull", job.spec.image]
    process = Process(argv, folder, folder, container.engine_environment())
    try:
        Following(process, job.control).run(keep)
    finally:
        process.close()
    return process.returncode
