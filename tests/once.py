"""What each application of a test would work out again, worked out once for all of them.

There are more than a thousand such applications, and the same hundred routes, templates and
statements in each: compiling them was half of what the pages' tests took, and a third elsewhere.
"""

from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from sqlalchemy.engine import default
from sqlalchemy.util import LRUCache
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
_statements: LRUCache[Any, Any] = LRUCache(5000)
_compiled: dict[Any, tuple[Any, ...]] = {}
_compile = Rule.compile


def _compile_once(rule: Rule) -> None:
    key = (rule.rule, rule.strict_slashes, rule.merge_slashes, rule.is_leaf, repr(rule.defaults))
    if key not in _compiled:
        _compile(rule)
        builders = (rule._build.__func__, rule._build_unknown.__func__)
        about = (rule._parts, rule._trace, rule._converters)
        _compiled[key] = (*about, frozenset(rule.arguments), *builders)
        return
    rule._parts, rule._trace, rule._converters, arguments, *builders = _compiled[key]
    rule.arguments |= arguments
    rule._build, rule._build_unknown = (each.__get__(rule, None) for each in builders)


def keep_routes() -> None:
    """What a route's address means is worked out once for all applications."""
    Rule.compile = _compile_once  # type: ignore[method-assign]


def keep_templates(app: Flask) -> None:
    """The templates of this application are those of all others."""
    app.jinja_env.bytecode_cache = _templates


def _same_dialect(one: default.DefaultDialect, other: object) -> bool:
    return type(one) is type(other)


def keep_statements(engine: Engine) -> None:
    """What is sent to the database for a statement is worked out once for all engines. Dialects of
    a kind are one to whoever remembers what was compiled: these here are all of one database."""
    kind = type(engine.dialect)
    kind.__eq__ = _same_dialect  # type: ignore[method-assign,assignment]
    kind.__hash__ = lambda dialect: hash(type(dialect))  # type: ignore[method-assign]
    engine.update_execution_options(compiled_cache=_statements)
