"""plan(snapshot) -> actions: everything that should happen now, decided from one instant."""

from webapp.engine.plan.actions import Action
from webapp.engine.plan.ending import endings
from webapp.engine.plan.placing import place
from webapp.engine.snapshot import Snapshot


def plan(snapshot: Snapshot) -> list[Action]:
    """First what gives work a place, then what is no longer needed."""
    placement = place(snapshot)
    return placement.actions + endings(snapshot, placement.used)
