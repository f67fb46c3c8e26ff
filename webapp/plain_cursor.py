"""A cursor of PostgreSQL's driver that says of each column only its name and type.

The driver's own describes each column of each answer in an object that looks up the rest too; for
answers of one row and thirty columns that costs more than the answer.
"""

from typing import Any

from psycopg import Cursor
from psycopg.pq import ExecStatus

_NOT_SAID = (None,) * 5  # sizes, precision, scale, whether it may be null


class PlainCursor(Cursor[Any]):
    """What SQLAlchemy needs of one."""

    @property
    def description(self) -> Any:
        """As PEP 249 has it; None when the statement answers no rows."""
        result = self.pgresult
        if result is None or result.status != ExecStatus.TUPLES_OK:
            return None
        return [
            ((result.fname(n) or b"").decode(), result.ftype(n), *_NOT_SAID)
            for n in range(result.nfields)
        ]
