"""Refusals with EC2's own codes.

Codes and sentences follow the public list of EC2 error codes and reports of users.
"""

from __future__ import annotations

from moto.ec2.exceptions import EC2ClientError

#: HTTP status of codes that are not 400.
STATUS = {
    "AuthFailure": 401,
    "AuthFailure.ServiceLinkedRoleCreationNotPermitted": 403,
    "DryRunOperation": 412,
    "InsufficientInstanceCapacity": 500,
    "InternalError": 500,
    "OptInRequired": 403,
    "RequestLimitExceeded": 503,
    "ServiceUnavailable": 503,
    "Unavailable": 503,
    "UnauthorizedOperation": 403,
}


class Refusal(EC2ClientError):
    """An answer with an error code; `status` is the HTTP status it is sent with."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    @property
    def status(self) -> int:
        return STATUS.get(self.code, 400)


def not_found(code: str, what: str, ids: list[str]) -> Refusal:
    listed = ", ".join(ids)
    if len(ids) == 1:
        return Refusal(code, f"The {what} ID '{listed}' does not exist")
    return Refusal(code, f"The {what} IDs '{listed}' do not exist")


def invalid_value(value: object, name: str) -> Refusal:
    return Refusal("InvalidParameterValue", f"Invalid value '{value}' for {name}.")
