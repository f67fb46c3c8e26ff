"""TagSpecifications: tags that are put on at birth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_simulator.ec2.networks import backend


def remember_tags(
    region: str, asked: Mapping[str, Any], resource_type: str, ids: list[str]
) -> None:
    """Tag `ids` with what the call says for things of `resource_type`."""
    for specification in asked.get("TagSpecifications") or []:
        if specification.get("ResourceType") == resource_type:
            tags = {tag["Key"]: tag.get("Value", "") for tag in specification.get("Tags") or []}
            for each in ids:
                backend(region).tags.setdefault(each, {}).update(tags)
