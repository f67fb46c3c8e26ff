"""What all parts of a workflow file have in common."""

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from webapp.workflow_files.tree import Scalar


class Part(BaseModel):
    """A mapping of the file: keys are written with dashes where words need joining."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_absent(cls, value: Any) -> Any:
        """`image:` with nothing behind it is the same as no such line."""
        if not isinstance(value, dict):
            return value
        return {key: item for key, item in value.items() if not _is_nothing(item)}


def _is_nothing(item: Any) -> bool:
    return item is None or (isinstance(item, Scalar) and item.value is None)
