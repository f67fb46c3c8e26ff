"""Commands of a job as one script for `/bin/sh -c`."""

from collections.abc import Sequence


def script(commands: Sequence[str]) -> str:
    """The commands one after another in one shell; the first that fails ends it with its code.

    A single command stays as it was written. Several are not joined as text: each is handed to
    `eval` in quotes, so that nothing in it (a comment, a here-document, `a || b`, an open quote, a
    backslash at its end) reaches into the next one. What a command changes (folder, variables)
    holds for those after it.
    """
    if len(commands) == 1:
        return commands[0]
    # Not `eval … || exit`: behind `||` a command's own `set -e` would be ignored.
    return "\n".join(f"eval {_word(text)}\ncase $? in 0) ;; *) exit ;; esac" for text in commands)


def _word(text: str) -> str:
    # A backslash at the end continues onto the first of the two line ends; the second one ends it.
    return "'" + text.replace("'", "'\\''") + "\n\n'"
