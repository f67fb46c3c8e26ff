"""Who may do what: keys, IAM actions, the actions an action depends on, regions, DryRun.

moto says AccessDenied where EC2 says UnauthorizedOperation, knows no dependent permissions
and ignores DryRun on half of the calls.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response
from moto.iam.access_control import IAMRequest
from moto.sts.responses import TokenResponse

from aws_simulator.ec2.errors import Refusal
from aws_simulator.practice import Practice
from aws_simulator.world import World

log = logging.getLogger(__name__)
#: Calls that the simulator does not play, though moto would invent an answer.
NOT_PLAYED = ("StartInstances", "StopInstances", "RebootInstances", "RequestSpotFleet")


def apply(practice: Practice) -> None:
    world = practice.world
    EC2Response.call_action = _guarded(world, EC2Response.call_action, _check_ec2)
    TokenResponse.call_action = _guarded(world, TokenResponse.call_action, _check_keys)


def _guarded(world: World, original: Any, check: Any) -> Any:
    def call_action(response: Any) -> Any:
        try:
            check(world, response)
        except Refusal as refusal:
            return _refused(response, refusal)
        try:
            status, headers, body = original(response)
        except NotImplementedError:
            return _refused(response, _not_played(response._get_action()))
        return status, headers, body

    return call_action


def _refused(response: Any, refusal: Refusal) -> Any:
    _, headers, body = response.serialized(ActionResult(refusal))
    headers["x-amzn-requestid"] = str(uuid.uuid4())
    return refusal.status, headers, body


def _not_played(action: str) -> Refusal:
    return Refusal("UnsupportedOperation", f"Practice AWS does not play {action}.")


def _check_ec2(world: World, response: Any) -> None:
    action, knobs = response._get_action(), world.knobs
    _check_keys(world, response)
    if response.region in knobs.regions_not_opted_in:
        raise _auth_failure("AuthFailure")
    if knobs.enforce_iam:
        for needed in needed_actions(action, response.params):
            _must_be_allowed(needed, knobs.iam_actions)
    if action in NOT_PLAYED:
        raise _not_played(action)
    if response.params.get("DryRun"):
        raise Refusal("DryRunOperation", "Request would have succeeded, but DryRun flag is set.")
    if action == "RequestSpotInstances" and not knobs.service_linked_role:
        raise Refusal(
            "AuthFailure.ServiceLinkedRoleCreationNotPermitted",
            "The provided credentials do not have permission to create the service-linked role "
            "for EC2 Spot Instances.",
        )


def needed_actions(action: str, parameters: Mapping[str, Any]) -> list[str]:
    """The IAM actions of one call; depends on parameters as EC2's documentation says."""
    launch = parameters.get("LaunchSpecification") or parameters
    needed = [f"ec2:{action}"]
    if parameters.get("TagSpecifications") and action != "CreateTags":
        needed.append("ec2:CreateTags")
    if launch.get("IamInstanceProfile"):
        needed.append("iam:PassRole")
    return needed


def _must_be_allowed(action: str, allowed: list[str]) -> None:
    if not any(fnmatchcase(action.lower(), pattern.lower()) for pattern in allowed):
        raise Refusal(
            "UnauthorizedOperation",
            "You are not authorized to perform this operation. User: "
            f"arn:aws:iam::123456789012:user/practice is not authorized to perform: {action} "
            f"because no identity-based policy allows the {action} action",
        )


def _check_keys(world: World, response: Any) -> None:
    code = "AuthFailure" if isinstance(response, EC2Response) else "InvalidClientTokenId"
    if response.get_access_key() in world.knobs.revoked_keys:
        raise _auth_failure(code)
    if world.knobs.enforce_iam:
        _check_signature(response, code)


def _check_signature(response: Any, code: str) -> None:
    try:
        IAMRequest(
            account_id=response.current_account,
            method=response.method,
            path=response.raw_path,
            data=response.data,
            body=response.raw_body,
            headers=response.headers,
            action=response._get_action(),
        ).check_signature()
    except Exception as error:  # whatever is wrong with it, EC2 says one thing
        log.info("A signature was refused: %s", type(error).__name__)
        raise _auth_failure(code) from error


def _auth_failure(code: str) -> Refusal:
    return Refusal(code, "AWS was not able to validate the provided access credentials")
