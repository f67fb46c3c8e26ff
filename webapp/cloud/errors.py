"""One table: from AWS's error code to a kind of trouble and a sentence for a person.

Codes: "Error codes for the Amazon EC2 API" in the EC2 developer guide. The kinds have their own
back-off in `engine/backoff.py`.
"""

from collections.abc import Mapping


class CloudError(Exception):
    """AWS said no, or nothing.

    `kind`: capacity, quota, permission, throttling, bad_request, gone, unknown or silence.
    `definite`: the call had certainly no effect. The text is a sentence that may be shown; it
    holds no secret.
    """

    def __init__(self, kind: str, code: str, sentence: str, *, definite: bool) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.code = code
        self.definite = definite

    @property
    def asked_before(self) -> bool:
        """EC2 has been asked with this token already, in other words: something may exist."""
        return self.code == "IdempotentParameterMismatch"


_TABLE: Mapping[str, tuple[str, str]] = {
    "InsufficientInstanceCapacity": ("capacity", "EC2 has no capacity for this type there now"),
    "InsufficientHostCapacity": ("capacity", "EC2 has no capacity for this type there now"),
    "InsufficientReservedInstanceCapacity": ("capacity", "EC2 has no capacity for this type now"),
    "UnfulfillableCapacity": ("capacity", "EC2 has no capacity for this type there now"),
    "SpotMaxPriceTooLow": ("capacity", "The spot price is above your maximum price"),
    "Unsupported": ("capacity", "This type is not offered in that zone"),
    "MaxSpotInstanceCountExceeded": (
        "quota",
        "Your account's quota of vCPUs for spot machines of this family is used up; "
        "ask AWS for more in Service Quotas",
    ),
    "InstanceLimitExceeded": ("quota", "Your account's quota of machines is used up"),
    "VcpuLimitExceeded": ("quota", "Your account's quota of vCPUs is used up"),
    "MaxSpotFleetRequestCountExceeded": ("quota", "Your account's quota of requests is used up"),
    "VolumeLimitExceeded": ("quota", "Your account's quota of volumes is used up"),
    "SecurityGroupLimitExceeded": ("quota", "Your account's quota of security groups is used up"),
    "UnauthorizedOperation": ("permission", "The AWS keys may not do this"),
    "AccessDenied": ("permission", "The AWS keys may not do this"),
    "AccessDeniedException": ("permission", "The AWS keys may not do this"),
    "AuthFailure": ("permission", "AWS does not accept the keys"),
    "InvalidClientTokenId": ("permission", "AWS does not know the access key"),
    "SignatureDoesNotMatch": ("permission", "The secret access key does not belong to the key id"),
    "ExpiredToken": ("permission", "The session token has expired"),
    "RequestExpired": ("permission", "The clock of this server is wrong, or the token expired"),
    "AuthFailure.ServiceLinkedRoleCreationNotPermitted": (
        "permission",
        "The role that EC2 needs for spot machines does not exist; create it once with: "
        "aws iam create-service-linked-role --aws-service-name spot.amazonaws.com",
    ),
    "OptInRequired": ("permission", "This region or service is not enabled in the account"),
    "PendingVerification": ("permission", "AWS is still verifying the account"),
    "Blocked": ("permission", "AWS has blocked the account"),
    "NoCredentials": ("permission", "This host has no AWS credentials"),
    "RequestLimitExceeded": ("throttling", "EC2 asks to call less often"),
    "Throttling": ("throttling", "EC2 asks to call less often"),
    "ThrottlingException": ("throttling", "EC2 asks to call less often"),
    "EC2ThrottledException": ("throttling", "EC2 asks to call less often"),
    "IdempotentParameterMismatch": (
        "bad_request",
        "EC2 was asked for this machine before, in other words (is this server a restored backup, "
        "or are there two of it?)",
    ),
    "MissingInput": ("bad_request", "The region has no default network (VPC) with subnets"),
    "DefaultVpcDoesNotExist": ("bad_request", "The region has no default network (VPC)"),
    "VPCIdNotSpecified": ("bad_request", "The region has no default network (VPC)"),
    "InvalidAMIID.NotFound": ("gone", "The image does not exist in this region"),
    "InvalidAMIID.Unavailable": ("gone", "The image is not available"),
    "InvalidGroup.NotFound": ("gone", "EC2 does not see our security group (yet)"),
    "InvalidSecurityGroupID.NotFound": ("gone", "EC2 does not see our security group (yet)"),
    "InvalidSubnetID.NotFound": ("gone", "The subnet does not exist any more"),
    "InvalidInstanceID.NotFound": ("gone", "EC2 does not see the machine (yet)"),
    "InvalidSpotInstanceRequestID.NotFound": ("gone", "EC2 does not see the request (yet)"),
    "InternalError": ("unknown", "EC2 had an error of its own"),
    "InternalFailure": ("unknown", "EC2 had an error of its own"),
    "ServiceUnavailable": ("unknown", "EC2 is not available"),
    "Unavailable": ("unknown", "EC2 is not available"),
}
_BAD_REQUESTS = ("Invalid", "Missing", "Malformed", "Unknown", "Validation")
_UNCLEAR = frozenset({"throttling", "unknown", "silence"})


def refusal(code: str, message: str, status: int) -> CloudError:
    """AWS's answer as an error of ours. AWS's words follow ours when they say more."""
    kind, words = classify(code, status)
    # 5xx and throttled answers may come from something before EC2 that did pass the call on.
    definite = kind not in _UNCLEAR and (status < 500 or kind == "capacity")
    return CloudError(kind, code, f"{words} ({_own(code, message)}).", definite=definite)


def silence(what: str) -> CloudError:
    """There was no answer; the call may have had its effect."""
    return CloudError("silence", "silence", f"AWS did not answer: {what}.", definite=False)


def classify(code: str, status: int = 400) -> tuple[str, str]:
    """(kind, words) of a code; unknown codes by their beginning and the HTTP status."""
    if code in _TABLE:
        return _TABLE[code]
    if status < 500 and code.startswith(_BAD_REQUESTS):
        return "bad_request", "EC2 does not accept the call"
    return "unknown", "EC2 refused"


def _own(code: str, message: str) -> str:
    # "Encoded authorization failure message" is long and says nothing that can be read.
    text = message.split("Encoded authorization", 1)[0].strip().rstrip(".")
    return f"{code}: {text[:300]}" if text else code
