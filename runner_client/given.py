"""Variables for the shell of a container by its standard input, because an engine writes what it
is told by `--env` to its disk, where some of it stays when the container is long gone."""

from __future__ import annotations

import os
import threading

_END = "."
# Only what every shell has in itself: no image need bring more. The full stop keeps line breaks at
# a value's end, which `$(…)` drops.
SCRIPT = """\
while IFS= read -r DSTACK_GIVEN && [ "$DSTACK_GIVEN" != . ]; do
DSTACK_TEXT=$(printf '%b.' "${DSTACK_GIVEN#*=}"); export "${DSTACK_GIVEN%%=*}=${DSTACK_TEXT%.}"
done; unset DSTACK_GIVEN DSTACK_TEXT; exec < /dev/null"""


def text(variables: dict) -> bytes:
    """What SCRIPT reads: a line for each variable, with line breaks and backslashes escaped."""
    lines = ["%s=%s" % (name, _one_line(value)) for name, value in variables.items()]
    return os.fsencode("".join(line + "\n" for line in [*lines, _END]))


def pipe(data: bytes) -> int:
    """A descriptor to read it from, to be closed by the caller; a thread fills the pipe."""
    ours, theirs = os.pipe()
    threading.Thread(target=_fill, args=(theirs, data), daemon=True).start()
    return ours


def _one_line(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n")


def _fill(descriptor: int, data: bytes) -> None:
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
    except BrokenPipeError:
        return  # the container ended without reading it all
