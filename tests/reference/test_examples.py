"""Every example of the description is made, and answers as the description says."""

import jsonschema
import pytest

from tests.conftest import Clock, make_app, test_settings
from tests.people import add_people, bearer
from tests.reference.scene import build
from webapp.api.describing import Raw
from webapp.extensions import db
from webapp.reference.calls import GROUPS, calls_of


@pytest.fixture
def world(template, tmp_path):
    """A function that runs another in a world of its own, as if nothing had happened yet."""
    made = []

    def enter(act):
        app = make_app(template, test_settings(tmp_path / str(len(made))), Clock())
        made.append(app)
        with app.app_context():
            add_people()
            build(app)
            act(app)
            db.session.remove()
            db.engine.dispose()

    return enter


def conform(answer, call, document):
    """The answer is what the document says of this status."""
    told = document["paths"][call.path][call.method.lower()]["responses"]
    content = told[str(answer.status_code)]["content"]
    assert answer.mimetype in content, (call.name, answer.mimetype)
    schema = content[answer.mimetype].get("schema")
    if schema:
        jsonschema.validate(answer.json, {**schema, "components": document["components"]})
    if answer.status_code == 200 and isinstance(call.description.answers, Raw):
        for header in call.description.answers.headers:
            assert header in answer.headers, (call.name, header)


def make(app, call, example, document):
    answer = app.test_client().open(
        call.address(example),
        method=call.method,
        query_string=dict(example.query),
        headers={**bearer(call.role), **example.headers},
        **({"data": example.body} if isinstance(example.body, bytes) else {"json": example.body}),
    )
    assert answer.status_code == example.status, (call.name, example.says, answer.text)
    conform(answer, call, document)
    answer.close()  # a file that is sent stays open until somebody read it


@pytest.mark.parametrize("group", [*GROUPS, "More"])
def test_every_example_answers_as_it_says(app, document, world, group):
    chosen = [call for call in calls_of(app) if call.group == group]
    made = [(call, example) for call in chosen for example in call.description.examples]
    looks = [pair for pair in made if pair[0].method == "GET"]  # they leave the world as it is
    world(lambda app: [make(app, *pair, document) for pair in looks])
    for pair in made:
        if pair not in looks:
            world(lambda app, pair=pair: make(app, *pair, document))
