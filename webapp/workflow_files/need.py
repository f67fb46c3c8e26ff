"""One item of `depends-on`."""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema

from webapp.workflow_files.values import NAME, SCALAR, expected, text_of

_TAG = r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}"
_NEED = re.compile(rf"({NAME.pattern})(?::({_TAG}))?")
_WHAT = "the name of a workflow, or name:tag for what the run with that tag left"


@dataclass(frozen=True, slots=True)
class Need:
    """`prepare` (a job before this one), or `prepare:latest` (artifacts that are there already)."""

    workflow: str
    tag: str | None


def _read(value: Any) -> Need:
    match = _NEED.fullmatch(text_of(value, _WHAT))
    if not match:
        raise expected(_WHAT)
    return Need(match[1], match[2 + NAME.groups])


NeedItem = Annotated[Need, PlainValidator(_read), WithJsonSchema({"type": SCALAR})]
