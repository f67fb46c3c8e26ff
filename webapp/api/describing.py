"""What a call takes, answers and refuses, said beside its view.

    @api.post("/runs/stop")
    @allow("token member")
    @describe(takes=StopRun, errors={404: "There is no such run."}, examples=[Example(…)])
    def stop() -> Response:
        '''One line: what it does. More lines: what to know.'''

`webapp.reference` makes the OpenAPI document and the reference page of it; a test fails for a route
of this room without `@describe`, and makes every example in the scene of tests/reference/scene.py.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

View = TypeVar("View", bound=Callable[..., Any])


class Nothing(BaseModel):
    """`{}`: it is done, and there is nothing to say."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes instead of JSON. `headers` name those of an answer, and what they say."""

    media_type: str
    says: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Example:
    """One call, word for word, and the status that answers it."""

    says: str
    body: Any = None
    query: Mapping[str, str] = field(default_factory=dict)
    path: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """`takes` is the body, `query` what may stand behind the question mark, `headers` what may be
    sent beside them; `errors` are those that other calls do not have, by status."""

    takes: type[BaseModel] | Raw | None = None
    query: type[BaseModel] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    answers: type[BaseModel] | Raw = Nothing
    errors: Mapping[int, str] = field(default_factory=dict)
    examples: Sequence[Example] = ()


def describe(**about: Any) -> Callable[[View], View]:
    """Mark a view with its Description; the words are that class's fields."""
    description = Description(**about)

    def mark(view: View) -> View:
        view.description = description  # type: ignore[attr-defined]
        return view

    return mark


def description_of(view: Callable[..., Any]) -> Description | None:
    """What was said about a view, None when nothing was."""
    return getattr(view, "description", None)
