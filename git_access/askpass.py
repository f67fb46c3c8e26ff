"""The program that git and ssh ask for a user name, a password or a passphrase: a few lines of sh.

It holds no secret, only the paths to read them from, and it answers for one server alone: a
submodule or a redirect elsewhere must not be told the password of this one.
"""

from __future__ import annotations

import re
from shlex import quote
from typing import NamedTuple
from urllib import parse

_QUESTIONS = ("%s for '%s': ", '%s for "%s"')


class Answers(NamedTuple):
    """Paths to read from; None: no answer."""

    user_name: str | None = None
    secret: str | None = None
    passphrase: str | None = None


def script(url: str, user_name: str | None, answers: Answers) -> str:
    """Its text, for repositories of the server that `url` names."""
    cases = []
    origin = re.match(r"(https?)://([^/@]+)(?=/|$)", url, re.IGNORECASE)
    if origin and answers.user_name:
        cases.append((_asked("Username", origin.group(0)), answers.user_name))
    if origin and user_name and answers.secret:
        # Whole and to the letter: a submodule may bring along a user such as `me@host' `, and git
        # puts it into its question as it is.
        spellings = {user_name, parse.quote(user_name, safe=""), parse.quote(user_name)}
        places = ["%s://%s@%s" % (origin.group(1), user, origin.group(2)) for user in spellings]
        cases.append((_asked("Password", *sorted(places)), answers.secret))
    lines = ["%s) exec cat %s ;;" % ("|".join(asked), quote(path)) for asked, path in cases]
    if answers.passphrase:
        lines.append('"Enter passphrase"*) exec cat %s ;;' % quote(answers.passphrase))
    return "\n".join(["#!/bin/sh", 'case "$1" in', *lines, "esac", "exit 1", ""])


def _asked(what: str, *places: str) -> list[str]:
    """The questions of git and of git-lfs, as patterns of `case`."""
    return [quote(form % (what, place)) for place in places for form in _QUESTIONS]
