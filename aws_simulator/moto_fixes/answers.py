"""How a replaced method answers: under the world's lock, with a plain dictionary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from aws_simulator.moto_fixes.rendering import Answer
from aws_simulator.world import World

Play = Callable[[Any, Mapping[str, Any]], dict[str, Any]]


def answers(world: World, play: Play) -> Callable[[Any], Answer]:
    """A response method from `play(response, parameters)`."""

    def method(response: Any) -> Answer:
        with world.lock:
            return Answer(play(response, response.params))

    return method


def filters_of(parameters: Mapping[str, Any]) -> dict[str, list[str]]:
    return {each["Name"]: each.get("Values", []) for each in parameters.get("Filters") or []}


def moment(seconds: float | None) -> datetime | None:
    """EC2 tells whole seconds."""
    return None if seconds is None else datetime.fromtimestamp(int(seconds), UTC)


def tags_of(region: str) -> Callable[[Any], dict[str, str]]:
    """Reads the tags that CreateTags put on something with an `id`."""
    from aws_simulator.ec2.networks import backend

    store = backend(region).tags

    def read(thing: Any) -> dict[str, str]:
        return dict(store.get(thing.id, {}))

    return read


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
