"""Words for what a file system says."""

from __future__ import annotations

import errno
import os
from pathlib import Path

_FULL = (errno.ENOSPC, errno.EDQUOT)


def sentence(error: OSError, folder: Path) -> str:
    """What a person can act on; names the disk when that is what ran out."""
    if error.errno in _FULL:
        what = "quota" if error.errno == errno.EDQUOT else "disk"
        return "The %s of the runner is full: no space is left on %s." % (what, mount_point(folder))
    text = error.strerror or type(error).__name__
    place = " (%s)" % error.filename if error.filename else ""
    return "The job could not run on this machine: %s%s." % (text[0].lower() + text[1:], place)


def mount_point(folder: Path) -> str:
    path = os.path.realpath(folder)
    while not os.path.ismount(path):
        path = os.path.dirname(path)
    return path
