"""DescribeInstanceTypes: only what the region offers, in pages.

moto lists all types it knows in every region.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.ec2.models.instance_types import InstanceTypeBackend
from moto.ec2.responses.instances import InstanceResponse

from aws_simulator.ec2 import types
from aws_simulator.ec2.pages import page
from aws_simulator.moto_fixes.answers import filters_of
from aws_simulator.moto_fixes.rendering import Answer
from aws_simulator.practice import Practice

LARGEST = 100  # EC2's largest page of this call


def apply(practice: Practice) -> None:
    find = InstanceTypeBackend.describe_instance_types

    def describe(response: Any) -> Answer:
        asked: Mapping[str, Any] = response.params
        found = find(response.ec2_backend, asked.get("InstanceTypes"), filters_of(asked))
        offered = types.offered_types(response.region)
        here = [(n, each) for n, each in enumerate(found) if each.name in offered]
        shown, token = page(
            here, lambda pair: pair[0], asked.get("MaxResults") or LARGEST, asked.get("NextToken")
        )
        return Answer({"InstanceTypes": [each for _, each in shown], "NextToken": token})

    InstanceResponse.describe_instance_types = describe
