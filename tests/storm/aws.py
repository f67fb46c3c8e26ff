"""EC2 and its machines."""

from aws_simulator.process import SimulatorError
from tests.storm.sky import Kinds, Sky

REFUSALS = ("InsufficientInstanceCapacity", "RequestLimitExceeded", "InternalError")
CALLS = ("RequestSpotInstances", "TerminateInstances", "DescribeInstances")


class Aws(Sky):
    def kinds(self) -> Kinds:
        return {
            self.kill_a_machine: 3,
            self.hang_a_machine: 2,
            self.interrupt_a_machine: 3,
            self.lose_an_answer_of_aws: 4,
            self.refuse_at_aws: 4,
        }

    def kill_a_machine(self) -> None:
        self._one_machine("kill")

    def hang_a_machine(self) -> None:
        self._one_machine("hang")

    def interrupt_a_machine(self) -> None:
        for machine in self._machines():
            self.town.aws.interrupt(machine, real_seconds=self.dice.uniform(3, 12))

    def lose_an_answer_of_aws(self) -> None:
        mode = self.dice.choice(("lost", "duplicate", "html502"))
        self.town.aws.fault(self.dice.choice(CALLS), mode=mode)

    def refuse_at_aws(self) -> None:
        self.town.aws.fault(self.dice.choice(CALLS), code=self.dice.choice(REFUSALS), times=2)

    def clear_up(self) -> None:
        super().clear_up()
        self.town.aws.clear_faults()
        for machine in self.town.running_machines():
            self._befall(machine, "unhang")

    def _machines(self) -> list[str]:
        """One that runs, if there is any."""
        running = self.town.running_machines()
        return [self.dice.choice(running)] if running else []

    def _one_machine(self, what: str) -> None:
        for machine in self._machines():
            self._befall(machine, what)

    def _befall(self, machine: str, what: str) -> None:
        try:
            self.town.aws.befall(machine, what)
        except SimulatorError:  # it ended a moment ago
            self.town.too_late += 1
