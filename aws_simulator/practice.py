"""The parts of practice AWS that work on one world."""

from __future__ import annotations

from aws_simulator.ec2.happenings import Happenings
from aws_simulator.ec2.lifecycle import Lifecycle
from aws_simulator.ec2.market import Market
from aws_simulator.world import World


class Practice:
    def __init__(self, world: World) -> None:
        self.world = world
        self.lifecycle = Lifecycle(world)
        self.market = Market(world, self.lifecycle)
        self.happenings = Happenings(world, self.lifecycle, self.market)
