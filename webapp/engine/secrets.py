"""What may be a secret: rules for its name and its value, each broken one told in a sentence."""

import re

from webapp.engine.variables import RELIED_ON

LONGEST_NAME = 100
LONGEST_VALUE = 64 * 1024  # bytes
#: Of all secrets together: a process is given its variables whole, and Linux takes 2 MiB.
MOST_TOGETHER = 512 * 1024
#: Shorter ones would be found by chance in any log, and hiding them would tell more than it hides.
SHORTEST_VALUE = 6

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")


def wrong_with_name(name: str) -> str | None:
    """Why this cannot be the name of a secret; None when it can."""
    if not name:
        return "Give the secret a name: the environment variable that jobs will see."
    if len(name) > LONGEST_NAME:
        return f"The name of a secret has at most {LONGEST_NAME} characters."
    if not _NAME.fullmatch(name):
        return (
            "The name of a secret has letters, digits and underscores, and begins with a letter or "
            "an underscore, like API_KEY."
        )
    if name in RELIED_ON:
        return f"A secret called {name} would break every job: programs rely on it. Rename it."
    return None


def wrong_with_value(value: str) -> str | None:
    """Why this cannot be the value of a secret; None when it can. Never repeats the value."""
    if "\0" in value:
        return "A secret cannot hold a zero byte: no process can be given one. Store it as base64."
    if _HALF_A_CHARACTER.search(value):
        return "The value of a secret has to be text; this holds half a character."
    if len(value.encode()) > LONGEST_VALUE:
        return f"The value of a secret has at most {LONGEST_VALUE // 1024} KiB."
    if len("".join(value.split())) < SHORTEST_VALUE:
        return (
            f"This is too short to be hidden safely in logs: give at least {SHORTEST_VALUE} "
            "characters that are not spaces."
        )
    return None
