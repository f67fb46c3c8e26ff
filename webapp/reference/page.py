"""The reference page: the document, to read."""

import json
import shlex
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import current_app, render_template
from werkzeug.urls import iri_to_uri

from webapp.access import allow
from webapp.api.describing import Example
from webapp.public_url import public_url
from webapp.reference import reference
from webapp.reference.calls import Call, calls_of
from webapp.reference.document import the_document
from webapp.reference.kinds import fields_of, name_of


@dataclass(frozen=True, slots=True)
class Shown:
    """A call with its operation of the document."""

    call: Call
    operation: dict[str, Any]

    @property
    def takes(self) -> str:
        """Name of the schema of its body; empty when it takes none, or no JSON."""
        return name_of(_schema(self.operation.get("requestBody", {})))

    @property
    def answers(self) -> str:
        """Name of the schema of its answer; empty when that is no JSON."""
        return name_of(_schema(self.operation["responses"]["200"]))

    def curl(self, example: Example) -> str:
        """The example as one line for a shell."""
        words = ["curl"]
        if self.call.method != "GET":
            words.append(f"-X {self.call.method}")
        words.append('-H "Authorization: Bearer $TOKEN"')
        words += [f"-H {shlex.quote(f'{name}: {text}')}" for name, text in example.headers.items()]
        query = "&".join(f"{name}={text}" for name, text in example.query.items())
        address = public_url() + self.call.address(example) + (f"?{query}" if query else "")
        words.append(shlex.quote(iri_to_uri(address)))
        if isinstance(example.body, bytes):
            words.append("--data-binary @FILE")
        elif example.body is not None:
            words.append(f"-d {shlex.quote(json.dumps(example.body))}")
        return " ".join(words)


@reference.get("/api")
@allow("anyone")
def page() -> str:
    """Everything that a script may call."""
    document = the_document()
    shown = [
        Shown(call, document["paths"][call.path][call.method.lower()])
        for call in calls_of(current_app)
    ]
    groups = [(name, list(calls)) for name, calls in groupby(shown, lambda each: each.call.group)]
    return render_template(
        "reference/page.html",
        about=document["info"]["description"],
        groups=groups,
        schemas=document["components"]["schemas"],
        fields_of=fields_of,
    )


def _schema(holder: dict[str, Any]) -> dict[str, Any]:
    content = holder.get("content", {}).get("application/json", {})
    return content.get("schema", {})
