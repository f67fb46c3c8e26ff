"""Whatever is sent, what comes back is what the description says, and never a 5xx."""

from collections.abc import Iterator
from contextlib import closing

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks
from werkzeug.wsgi import ClosingIterator

from tests.conftest import make_app, test_settings
from tests.people import add_people, bearer
from tests.reference.scene import JOBS, RUNNING, build
from webapp.extensions import db

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
# What the scene has, so that not everything ends in a 404.
THERE = {"job_id": JOBS[RUNNING], "run_name": RUNNING}
EXAMPLES = 12

# The same ones each time: a fault that is found once is found again.
sent = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def schema(template, tmp_path):
    """The description of a server with the scene of the examples in it."""
    changes = {"poll_seconds": 0.01, "api_calls": "1000000 per minute"}
    app = make_app(template, test_settings(tmp_path, **changes))
    app.wsgi_app = whole(app.wsgi_app)
    with app.app_context():
        add_people()
        build(app)
        yield schemathesis.openapi.from_wsgi("/api/openapi.json", app)
        db.session.remove()
        db.engine.dispose()


def whole(wsgi):
    """Answers read to their end and closed, as every server does; schemathesis does not."""

    def call(environ, start_response):
        with closing(ClosingIterator(wsgi(environ, start_response))) as answer:
            return [b"".join(answer)]

    return call


def operations(schema) -> Iterator:
    """Each call; those that only look come first."""
    found = [result.ok() for result in schema.get_all_operations()]
    return sorted(found, key=lambda each: each.method != "get")


def tried(strategy, headers) -> str | None:
    """What the first wrong answer was."""

    @sent
    @given(case=strategy)
    def check(case):
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS)

    try:
        check()
    except BaseExceptionGroup as group:
        return "\n".join(map(str, group.exceptions))
    return None


def wrong(schema, mode, **fixed) -> dict[str, str]:
    """Call -> what was wrong with an answer."""
    headers = bearer("admin")
    found = {
        each.label: tried(each.as_strategy(generation_mode=mode, **_named(each, fixed)), headers)
        for each in operations(schema)
    }
    return {label: words for label, words in found.items() if words}


def _named(operation, fixed):
    """The path of an operation with what the scene has."""
    arguments = [parameter.name for parameter in operation.path_parameters]
    values = {name: fixed[name] for name in arguments if name in fixed}
    return {"path_parameters": values} if values else {}


@pytest.mark.parametrize("fixed", [{}, THERE], ids=["anything", "what is there"])
def test_what_the_description_allows_is_answered_as_it_says(schema, fixed):
    assert wrong(schema, GenerationMode.POSITIVE, **fixed) == {}


def test_what_it_does_not_allow_is_refused_as_it_says(schema):
    assert wrong(schema, GenerationMode.NEGATIVE) == {}
