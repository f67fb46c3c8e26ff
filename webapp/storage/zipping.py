"""Many files as one zip that is made while it is sent: it is nowhere whole."""

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO

_PIECE = 256 * 1024
_LARGE = 1 << 31
_FIRST_YEAR = 1980


def zip_of(rows: Iterable[Any], open_row: Callable[[Any], BinaryIO]) -> Iterator[bytes]:
    """The bytes of the zip of these files (`path`, `size`, `mode`, `created_at`), not compressed:
    what jobs leave mostly is already."""
    sink, names = _Sink(), _Names()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for row in rows:
            info, large = _info(names.of(row.path), row), row.size >= _LARGE
            with open_row(row) as source, archive.open(info, "w", force_zip64=large) as target:
                while piece := source.read(_PIECE):
                    target.write(piece)
                    yield sink.take()
            yield sink.take()
    yield sink.take()


def _info(name: str, row: Any) -> zipfile.ZipInfo:
    moment = datetime.fromtimestamp(row.created_at / 1000, UTC)
    info = zipfile.ZipInfo(name, (max(moment.year, _FIRST_YEAR), *moment.timetuple()[1:6]))
    info.create_system = 3  # modes are those of Unix
    info.external_attr = (0o100000 | row.mode) << 16
    return info


class _Names:
    """Names that no program takes for a way out of its folder: `\\` is a separator on Windows."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, path: str) -> str:
        name = plain = re.sub(r"[\x00-\x1f\x7f\\]", "_", path)
        number = 1
        while name in self._taken:
            number += 1
            name = f"{plain}~{number}"
        self._taken.add(name)
        return name


class _Sink:
    """A file that cannot be sought in: what was written waits to be taken."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        taken = b"".join(self._waiting)
        self._waiting.clear()
        return taken
