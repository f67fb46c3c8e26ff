"""EC2's XML, several times faster than moto writes it.

moto walks the API's model anew for each value; here each operation's model becomes a chain
of functions once. Takes dictionaries only, as our own answers are.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import Any

from moto.core.responses import ActionContext, ActionResult
from moto.core.utils import get_service_model

NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/"
Render = Callable[[Any], str]


class Answer(ActionResult):
    """What a replaced method returns: a dictionary in the shape of EC2's answer."""

    def execute_result(self, context: ActionContext) -> Any:
        name = context.operation_model.name
        content = operation(name)(self.result)
        body = (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<{name}Response xmlns="{NAMESPACE}">'
            f"<requestId>{uuid.uuid4()}</requestId>{content}</{name}Response>"
        )
        return 200, {"Content-Type": "text/xml"}, body


@lru_cache(maxsize=64)
def operation(name: str) -> Render:
    """What renders the content of one operation's answer."""
    return _renderer(get_service_model("ec2").operation_model(name).output_shape, {})


def _renderer(shape: Any, known: dict[str, Render]) -> Render:
    # A shape may contain itself: enter it before its members.
    if shape.name in known:
        return lambda value: known[shape.name](value)
    known[shape.name] = lambda value: ""
    if shape.type_name == "structure":
        made = _structure(shape, known)
    elif shape.type_name == "list":
        made = _list(shape, known)
    else:
        made = _scalar(shape.type_name)
    known[shape.name] = made
    return made


def _structure(shape: Any, known: dict[str, Render]) -> Render:
    members = [
        (name, member.serialization.get("name", name), _renderer(member, known))
        for name, member in shape.members.items()
    ]

    def render(value: Any) -> str:
        parts = []
        for name, tag, inner in members:
            content = value.get(name)
            if content is not None:
                parts.append(f"<{tag}>{inner(content)}</{tag}>")
        return "".join(parts)

    return render


def _list(shape: Any, known: dict[str, Render]) -> Render:
    tag = shape.member.serialization.get("name", "member")
    inner = _renderer(shape.member, known)
    return lambda values: "".join([f"<{tag}>{inner(value)}</{tag}>" for value in values])


def _scalar(type_name: str) -> Render:
    if type_name == "timestamp":
        return lambda value: value.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    if type_name == "boolean":
        return lambda value: "true" if value else "false"
    return lambda value: escape(str(value), quote=False)
