"""Where tests put their files: into memory, where it is large enough and lets programs run.

SQLite waits for the disk each time a database is opened and closed; with one for each test that
was more time than the tests themselves took.
"""

import os
import shutil

_MEMORY = "/dev/shm"
_ENOUGH = 2 << 30


def use_memory() -> None:
    """For this process and those it starts; a place that somebody chose stays."""
    if os.path.isdir(_MEMORY) and os.access(_MEMORY, os.W_OK) and _fits():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", _MEMORY)


def _fits() -> bool:
    runs_programs = not os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC
    return runs_programs and shutil.disk_usage(_MEMORY).free > _ENOUGH
