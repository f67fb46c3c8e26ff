"""The folder that the commands of a job begin in."""

from __future__ import annotations

from pathlib import Path

from runner_client.preparation import CannotRun


def inside(work: Path, working_dir: str) -> Path:
    """The folder below `work`, made when it is missing; raises CannotRun, OSError."""
    if not working_dir:
        return work
    wanted = Path(working_dir)
    if wanted.is_absolute() or ".." in wanted.parts:
        sentence = "The working_dir of a job without an image should lie below its folder, not %s."
        raise CannotRun(sentence % working_dir)
    (work / wanted).mkdir(parents=True, exist_ok=True)
    return work / wanted
