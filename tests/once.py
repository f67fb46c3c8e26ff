"""What each application of a test would work out again, worked out once for all of them.

There are more than a thousand such applications, and the same hundred routes and the same templates
in each: compiling them was half of what the pages' tests took.
"""

from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule


class _Templates(BytecodeCache):
    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


_templates = _Templates()
_builders: dict[Any, Any] = {}
_build = Rule._compile_builder


def _build_once(rule: Rule, append_unknown: bool = True) -> Any:
    key = (tuple(rule._trace), repr(rule.defaults), append_unknown)
    if key not in _builders:
        _builders[key] = _build(rule, append_unknown)
    return _builders[key]


def keep_routes() -> None:
    """How the address of a route is built is compiled once for all applications."""
    Rule._compile_builder = _build_once  # type: ignore[method-assign]


def keep_templates(app: Flask) -> None:
    """The templates of this application are those of all others."""
    app.jinja_env.bytecode_cache = _templates
