"""The table from AWS's codes to kinds and sentences."""

import pytest

from webapp.cloud.errors import classify, refusal, silence


@pytest.mark.parametrize(
    "code, status, kind, definite",
    [
        ("InsufficientInstanceCapacity", 500, "capacity", True),
        ("SpotMaxPriceTooLow", 400, "capacity", True),
        ("MaxSpotInstanceCountExceeded", 400, "quota", True),
        ("VcpuLimitExceeded", 400, "quota", True),
        ("UnauthorizedOperation", 403, "permission", True),
        ("AuthFailure", 401, "permission", True),
        ("AuthFailure.ServiceLinkedRoleCreationNotPermitted", 403, "permission", True),
        ("OptInRequired", 403, "permission", True),
        ("RequestLimitExceeded", 503, "throttling", False),
        ("IdempotentParameterMismatch", 400, "bad_request", True),
        ("InvalidParameterCombination", 400, "bad_request", True),
        ("MissingParameter", 400, "bad_request", True),
        ("InvalidInstanceID.NotFound", 400, "gone", True),
        ("InvalidGroup.NotFound", 400, "gone", True),
        ("InternalError", 500, "unknown", False),
        ("SomethingNew", 400, "unknown", False),
        ("InvalidSomething", 500, "unknown", False),
    ],
)
def test_a_code_has_a_kind_and_says_whether_the_call_may_have_worked(code, status, kind, definite):
    error = refusal(code, "AWS's words.", status)
    assert (error.kind, error.definite) == (kind, definite)
    assert str(error).endswith(f"({code}: AWS's words).")


def test_the_missing_role_comes_with_the_command_that_makes_it():
    _, words = classify("AuthFailure.ServiceLinkedRoleCreationNotPermitted")
    assert "aws iam create-service-linked-role --aws-service-name spot.amazonaws.com" in words


def test_what_nobody_can_read_is_left_out():
    long = "You are not authorized. Encoded authorization failure message: " + "x" * 4000
    assert len(str(refusal("UnauthorizedOperation", long, 403))) < 200


def test_silence_is_never_definite():
    assert not silence("ReadTimeoutError").definite
