from flask import Flask

from tests.people import bearer
from webapp.access import audience_of
from webapp.api.bearer import _check_token, caller
from webapp.extensions import db
from webapp.models.transaction import writing


def test_who_calls_is_known_also_after_a_view_waited_without_the_database(app: Flask, people):
    """A view that waits closes its session meanwhile, and the person's row with it."""
    with app.test_request_context("/api/on-demand/limits/set", "POST", headers=bearer("admin")):
        _check_token(audience_of(app, "api.set_limit"))
        with writing():
            """What was read before is stale from here on."""
        db.session.remove()
        assert caller().name == "ada"
