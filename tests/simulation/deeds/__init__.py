"""What a script can hold: deeds of people and misfortunes, each with the ways to draw it."""

from tests.simulation.deeds import (
    account,
    agents,
    ec2,
    limits,
    misfortunes,
    runners,
    runs,
    servers,
)
from tests.simulation.deeds.deed import DEEDS

__all__ = [
    "DEEDS",
    "account",
    "agents",
    "ec2",
    "limits",
    "misfortunes",
    "runners",
    "runs",
    "servers",
]
