"""The calls of the API as the application has them: address, audience, description."""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask

from webapp.access import audience_of
from webapp.api.describing import Description, Example, description_of

_ROOM = "api."
_ARGUMENT = re.compile(r"<(?:[a-z]+:)?([a-z_]+)>")
#: Modules of webapp/api, grouped as people look for them; a module not named here comes last.
GROUPS = {
    "Repositories": ("repos",),
    "Runs": ("submit", "upload", "runs", "run_actions", "tags", "workflow_runs"),
    "Jobs": ("jobs", "job_actions", "add_job"),
    "Logs": ("logs", "run_logs"),
    "Artifacts": ("artifacts",),
    "Runners": ("runners", "on_demand", "limits"),
    "Account": ("aws",),
    "Secrets": ("secrets",),
    "Practice mode": ("practice",),
}
_ROLES = {"viewer": "read", "member": "submit", "admin": "admin"}


@dataclass(frozen=True, slots=True)
class Call:
    """One method of one address. `path` has its arguments in braces."""

    name: str
    method: str
    path: str
    arguments: tuple[str, ...]
    audience: str
    view: Callable[..., Any]
    description: Description

    @property
    def role(self) -> str:
        """Who may make it: viewer, member or admin; each includes the ones before."""
        return self.audience.removeprefix("token ")

    @property
    def scope(self) -> str:
        """What a scoped token needs for it."""
        return _ROLES[self.role]

    @property
    def group(self) -> str:
        """Under which heading it stands."""
        return next((name for name, parts in GROUPS.items() if self.module in parts), "More")

    @property
    def module(self) -> str:
        """The file of its view."""
        return self.view.__module__.removeprefix("webapp.api.")

    @property
    def summary(self) -> str:
        """One line, without a full stop."""
        return self._words[0].rstrip(".")

    @property
    def more(self) -> str:
        """What else there is to know; often nothing."""
        return " ".join(" ".join(self._words[1:]).split())

    @property
    def _words(self) -> list[str]:
        return (inspect.getdoc(self.view) or "").split("\n\n")

    def address(self, example: Example) -> str:
        """The path of an example."""
        return self.path.format(**{name: example.path.get(name, "") for name in self.arguments})


def calls_of(app: Flask) -> list[Call]:
    """Every call that is described, group by group, in the order of GROUPS and of the files."""
    groups = [*GROUPS, "More"]
    modules = [module for parts in GROUPS.values() for module in parts]

    def place(call: Call) -> tuple[int, int, int]:
        module = modules.index(call.module) if call.module in modules else len(modules)
        return groups.index(call.group), module, call.view.__code__.co_firstlineno

    return sorted(_calls(app), key=place)


def undescribed(app: Flask) -> list[str]:
    """Addresses of the API that nobody described."""
    return [rule.rule for rule, view in _routes(app) if description_of(view) is None]


def _calls(app: Flask) -> Iterator[Call]:
    for rule, view in _routes(app):
        description = description_of(view)
        if description is None:
            continue
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield Call(
                name=rule.endpoint.removeprefix(_ROOM),
                method=method,
                path=_ARGUMENT.sub(r"{\1}", rule.rule),
                arguments=tuple(_ARGUMENT.findall(rule.rule)),
                audience=audience_of(app, rule.endpoint) or "",
                view=view,
                description=description,
            )


def _routes(app: Flask) -> Iterator[tuple[Any, Callable[..., Any]]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(_ROOM):
            yield rule, app.view_functions[rule.endpoint]
