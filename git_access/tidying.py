"""What a git that was killed left in a repository that is ours alone."""

from __future__ import annotations

import contextlib
from pathlib import Path


def tidy(repository: Path) -> None:
    """Remove its locks and half-written packs: with them no later fetch would ever work. Only for
    somebody who knows that no git is at work in it. Raises OSError."""
    left = [*repository.glob("*.lock"), *repository.glob("refs/**/*.lock")]
    left += [*repository.glob("objects/pack/tmp_*"), *repository.glob("objects/??/tmp_obj_*")]
    for path in left:
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
