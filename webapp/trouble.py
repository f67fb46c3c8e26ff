"""What an error of the database or the disk means to whoever waits for an answer."""

import errno
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoTurn

AGAIN_SECONDS = 5


@dataclass(frozen=True)
class Trouble:
    """One sentence. `passing`: it is likely to be over soon, without anybody's doing."""

    sentence: str
    passing: bool


BUSY = Trouble("The database is busy. Try again in a moment.", passing=True)
AWAY = Trouble("The database cannot be reached. Try again in a moment.", passing=True)
FULL = Trouble("The disk of the database is full: make room there, then try again.", passing=False)
READ_ONLY = Trouble(
    "The database can only be read: let the server write to it again, then try again.",
    passing=False,
)
DISK_FULL = Trouble("The server's disk is full: make room there, then try again.", passing=False)
DISK_READ_ONLY = Trouble(
    "The server's disk can only be read: let it write there again, then try again.", passing=False
)

_DISK = {
    errno.ENOSPC: DISK_FULL,
    errno.EDQUOT: DISK_FULL,
    errno.EROFS: DISK_READ_ONLY,
}
_SQLITE = {
    "BUSY": BUSY,
    "LOCKED": BUSY,
    "FULL": FULL,
    "READONLY": READ_ONLY,
    "CANTOPEN": AWAY,
    "IOERR": AWAY,
}
# The beginnings of PostgreSQL's codes (SQLSTATE); the longest that fits counts.
_POSTGRES = {
    "08": AWAY,  # the connection broke
    "57P0": AWAY,  # it is being stopped, or starts
    "40": BUSY,  # serialization failure, deadlock: one of two had to give way
    "55P03": BUSY,
    "53": BUSY,  # too many connections, out of memory
    "53100": FULL,
    "25006": READ_ONLY,
}


def trouble_of(error: BaseException) -> Trouble | None:
    """None: it is none of these, or a fault of ours."""
    if isinstance(error, OSError):
        return _DISK.get(error.errno or 0)
    if isinstance(error, NoTurn):
        return BUSY
    orig = error.orig if isinstance(error, DBAPIError) else error
    sqlite = getattr(orig, "sqlite_errorname", None)
    if sqlite:
        return _SQLITE.get(sqlite.split("_")[1])
    if hasattr(orig, "sqlstate"):
        return _of_postgres(orig.sqlstate, error)
    return None


def _of_postgres(code: str | None, error: BaseException) -> Trouble | None:
    if code is None:  # the driver's own words: there was no answer at all
        return AWAY if isinstance(error, OperationalError | InterfaceError) else None
    fitting = [start for start in _POSTGRES if code.startswith(start)]
    return _POSTGRES[max(fitting, key=len)] if fitting else None
