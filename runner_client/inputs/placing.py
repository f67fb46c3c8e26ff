"""A file's place in the job's folder, and nowhere else."""

from __future__ import annotations

import os

from runner_client.preparation import CannotRun


def place_for(work: str, path: str) -> str:
    """Where the file goes; its folders are made. Raises CannotRun, OSError.

    The code of the job may have brought a link where a folder is expected: it is not followed.
    """
    parts = path.split("/")
    folder = work
    for name in parts[:-1]:
        folder = os.path.join(folder, name)
        if os.path.islink(folder) or (os.path.lexists(folder) and not os.path.isdir(folder)):
            what = os.path.relpath(folder, work)
            raise CannotRun(
                "The input %s cannot be put there: %s is no folder but a link or a file."
                % (path, what)
            )
        os.makedirs(folder, exist_ok=True)
    place = os.path.join(folder, parts[-1])
    if os.path.isdir(place) and not os.path.islink(place):
        raise CannotRun("The input %s cannot be put there: a folder has that name." % path)
    return place
