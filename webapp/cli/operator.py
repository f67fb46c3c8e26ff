"""Whoever types a command on the server itself, as an actor."""

import getpass
import re

from webapp.engine.states import Actor
from webapp.models.event import Who


def operator() -> Who:
    """Named by their account on this machine."""
    name = re.sub(r"[^\w.-]", "", getpass.getuser()) or "operator"
    return Who(Actor.PERSON, f"{name} (command line)")
