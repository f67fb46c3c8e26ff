"""What goes wrong with calls to EC2: rules that are used up one call at a time."""

from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import (  # type: ignore[import-untyped]
    ClientError,
    ConnectTimeoutError,
    ReadTimeoutError,
)

CODES = {  # code -> HTTP status
    "InsufficientInstanceCapacity": 500,
    "MaxSpotInstanceCountExceeded": 400,
    "SpotMaxPriceTooLow": 400,
    "UnauthorizedOperation": 403,
    "AuthFailure": 401,
    "RequestLimitExceeded": 503,
    "InternalError": 500,
    "Unavailable": 503,
    "InvalidSubnetID.NotFound": 400,
    "InvalidAMIID.NotFound": 400,
    "RequestExpired": 400,
}
LAUNCHES = ("RequestSpotInstances", "RunInstances")
MODES = ("refuse", "never", "lost", "late", "twice")


@dataclass
class Rule:
    """`mode`: refuse (an error, no effect), never (silence, no effect), lost (effect, silence),
    late (silence, the effect comes `seconds` later), twice (the effect comes twice).

    `operation` "Launch" means both ways to launch, "*" every call.
    """

    operation: str
    mode: str
    times: int
    code: str = "InternalError"
    seconds: float = 0.0

    def is_about(self, operation: str) -> bool:
        """Whether it strikes this call."""
        alike = self.operation == "Launch" and operation in LAUNCHES
        return self.operation in ("*", operation) or alike


@dataclass
class Faults:
    """`denied`: operation (or "*") -> until when the keys may not do it."""

    rules: list[Rule] = field(default_factory=list)
    denied: dict[str, int] = field(default_factory=dict)

    def take(self, operation: str) -> Rule | None:
        """The rule for this call; it is used up by one."""
        rule = next((each for each in self.rules if each.is_about(operation)), None)
        if rule is not None:
            rule.times -= 1
            if rule.times <= 0 and rule in self.rules:
                self.rules.remove(rule)
        return rule

    def deny(self, operation: str, now: int) -> None:
        """Raise what EC2 says when the keys may not do this."""
        if any(now < self.denied.get(each, 0) for each in ("*", operation)):
            raise refused(operation, "UnauthorizedOperation", "You are not authorized.")

    def calm(self) -> None:
        """Nothing goes wrong any more."""
        self.rules.clear()
        self.denied.clear()


def refused(operation: str, code: str, message: str = "simulated") -> ClientError:
    """The exception that boto3 raises for an error of EC2."""
    answer: dict[str, Any] = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": CODES.get(code, 400)},
    }
    return ClientError(answer, operation)


def no_connection() -> ConnectTimeoutError:
    """Nobody answers, and nobody heard."""
    return ConnectTimeoutError(endpoint_url="https://ec2.example.org")


def no_answer() -> ReadTimeoutError:
    """Somebody may have heard."""
    return ReadTimeoutError(endpoint_url="https://ec2.example.org")
