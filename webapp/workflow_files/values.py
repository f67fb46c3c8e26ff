"""The kinds of value in a workflow file, as types for the models.

A leaf arrives as a Scalar; what is text takes it as it was written, so that a version `1.10`, a
command `true` and a port `0080` stay what they are.
"""

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, WithJsonSchema
from pydantic_core import PydanticCustomError

from webapp.engine import quantities
from webapp.engine.paths import below
from webapp.workflow_files.tree import Scalar

NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,58}[A-Za-z0-9])?")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}")
_LABEL = re.compile(r"[A-Za-z0-9._=:/-]{1,60}")
_IMAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,299}")
_GPU = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}")
_DIGITS = re.compile(r"[0-9]{1,9}")
_URL = re.compile(r"(https?|ftps?)://[!-~]{1,2000}", re.IGNORECASE)
_VERSION = re.compile(r"[23](\.\d{1,2}){0,2}")

# For editors: a leaf may be written without quotes, and may be a variable.
SCALAR = ["string", "number", "boolean"]
_FILLED = {"type": "string", "pattern": r"\$\{\{"}


def written(schema: dict[str, Any]) -> WithJsonSchema:
    """What the JSON Schema says of a leaf: this, or something with a variable in it."""
    return WithJsonSchema({"anyOf": [schema, _FILLED]})


def wrong(sentence: str, *at: str | int) -> PydanticCustomError:
    """A problem in our own words, which say what was expected; `at` leads further down."""
    # The sentence is an argument: braces in it would be read as places to fill in.
    return PydanticCustomError("wrong", "{sentence}", {"sentence": sentence, "at": at})


def expected(what: str) -> PydanticCustomError:
    """The problem that something else was expected here."""
    return wrong(f"Expected {what}.")


def text_of(value: Any, what: str = "a text") -> str:
    """The text of a leaf as it was written."""
    if isinstance(value, Scalar):
        value = None if value.value is None and not value.filled else value.text
    if not isinstance(value, str):
        raise expected(what)
    if "\0" in value:
        raise wrong("A NUL character cannot be passed to a process.")
    return value


def matching(pattern: re.Pattern[str], what: str) -> BeforeValidator:
    """Text of a certain form."""

    def check(value: Any) -> str:
        text = text_of(value, what)
        if not pattern.fullmatch(text):
            raise expected(what)
        return text

    return BeforeValidator(check)


def quantity(read: Callable[[object], int]) -> BeforeValidator:
    """A number read by one of engine.quantities."""

    def check(value: Any) -> int:
        plain = value.value if isinstance(value, Scalar) else value
        try:
            return read(plain)
        except ValueError as error:
            raise expected(str(error)) from None

    return BeforeValidator(check)


def whole(least: int, most: int) -> BeforeValidator:
    """A whole number in a range, in quotes or without."""

    def check(value: Any) -> int:
        plain = value.value if isinstance(value, Scalar) else value
        if isinstance(plain, str) and _DIGITS.fullmatch(plain):
            plain = int(plain)
        if isinstance(plain, bool) or not isinstance(plain, int) or not least <= plain <= most:
            raise expected(f"a whole number from {least} to {most}")
        return plain

    return BeforeValidator(check)


def _yes_or_no(value: Any) -> bool:
    plain = value.value if isinstance(value, Scalar) else value
    if not isinstance(plain, bool):
        raise expected("true or false")
    return plain


def _command(value: Any) -> str:
    text = text_of(value, "a command")
    if not text.strip():
        raise wrong("This command is empty; write one or take the line out.")
    return text.replace("\r\n", "\n")


def shape(names: dict[type, str], what: str) -> Discriminator:
    """Which of several shapes a value has: {dict: "mapping", list: "list", Scalar: "one"}."""

    def kind(value: Any) -> str | None:
        return names.get(Scalar if isinstance(value, str | int | float) else type(value))

    return Discriminator(kind, custom_error_type="wrong", custom_error_message=f"Expected {what}.")


def inner_path(*, itself: bool = False) -> BeforeValidator:
    """A path below the job's folder, in its plain form."""

    def check(value: Any) -> str:
        text = text_of(value, "a path")
        try:
            return below(text, itself=itself)
        except ValueError as error:
            raise expected(str(error)) from None

    return BeforeValidator(check)


def _form(pattern: re.Pattern[str]) -> WithJsonSchema:
    return written({"type": SCALAR, "pattern": f"^({pattern.pattern})$"})


def _whole(least: int, most: int) -> WithJsonSchema:
    number = {"type": ["integer", "string"], "minimum": least, "maximum": most}
    return written({**number, "pattern": f"^{_DIGITS.pattern}$"})


_TEXT = WithJsonSchema({"type": SCALAR})
_SIZE = written({"type": ["integer", "string"], "examples": ["16GB", "512MiB"]})

WorkflowName = Annotated[
    str,
    matching(NAME, "a name of at most 60 letters, digits, dots, dashes and underscores"),
    WithJsonSchema({"type": SCALAR, "pattern": f"^({NAME.pattern})$"}),
]
VariableName = Annotated[
    str, matching(_VARIABLE, "a variable name: letters, digits and _, not beginning with a digit")
]
VariableValue = Annotated[
    str, BeforeValidator(lambda value: text_of(value, 'a value; write "" for an empty one')), _TEXT
]
Label = Annotated[
    str,
    matching(_LABEL, "a label of at most 60 letters, digits and . _ = : / - without spaces"),
    _form(_LABEL),
]
Image = Annotated[
    str, matching(_IMAGE, "an image such as debian:12 or ghcr.io/me/tool:1.0"), _form(_IMAGE)
]
GpuName = Annotated[str, matching(_GPU, "the name of a GPU such as V100"), _form(_GPU)]
Url = Annotated[str, matching(_URL, "an address such as https://example.org/data.csv"), _form(_URL)]
PythonVersion = Annotated[
    str, matching(_VERSION, "a version of Python such as 3.11"), _form(_VERSION)
]
Command = Annotated[str, BeforeValidator(_command), _TEXT]
Text = Annotated[str, BeforeValidator(text_of), _TEXT]
InnerPath = Annotated[str, inner_path(), _TEXT]
Artifact = Annotated[str, inner_path(itself=True), _TEXT]
Seconds = Annotated[
    int,
    quantity(quantities.seconds),
    written({"type": ["integer", "string"], "examples": ["90", "1h30m"]}),
]
MemoryMib = Annotated[int, quantity(quantities.memory_mib), _SIZE]
CpuMilli = Annotated[
    int,
    quantity(quantities.cpu_milli),
    written({"type": ["number", "string"], "exclusiveMinimum": 0, "pattern": r"^\d"}),
]
Retries = Annotated[int, whole(0, 100), _whole(0, 100)]
Ports = Annotated[int, whole(0, 64), _whole(0, 64)]
GpuCount = Annotated[int, whole(0, 64), _whole(0, 64)]
YesNo = Annotated[bool, BeforeValidator(_yes_or_no), written({"type": "boolean"})]
