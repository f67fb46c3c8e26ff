"""What a page of somebody else can make a browser do; DNS rebinding is in tests/test_host_names.py,
forms without their token in tests/test_access.py, frames in tests/test_headers.py."""

from tests.conftest import make_app, test_settings
from tests.people import add_people, logged_in
from webapp.extensions import db
from webapp.models.secret import secret_rows

EVIL = {"Origin": "https://evil.example", "Referer": "https://evil.example/page"}


def test_no_other_site_is_allowed_to_read_an_answer(app, people, admin, anonymous):
    for path in ("/runs", "/api/runs/query", "/agents/v1/poll", "/healthz", "/runner", "/api"):
        for method in ("GET", "OPTIONS"):
            ask = {**EVIL, "Access-Control-Request-Method": "POST"}
            with admin.open(path, method=method, headers=ask) as answer:
                names = [name.lower() for name, _ in answer.headers]
            assert not [name for name in names if name.startswith("access-control-")], path


def test_a_form_on_another_site_that_only_has_the_cookie_changes_nothing(template, tmp_path):
    """With the checks of forms as they are in service (tests switch them off elsewhere)."""
    app = make_app(template, test_settings(tmp_path))
    with app.app_context():
        client = logged_in(app, add_people()["admin"])
        data = {"name": "FORGED", "value": "a forged value"}
        answer = client.post("/settings/secrets/add", data=data, headers=EVIL)
        assert answer.status_code == 400 and secret_rows() == []
        db.session.remove()
        db.engine.dispose()


def test_a_form_of_another_kind_of_content_does_not_pass_for_json(app, people, admin, anonymous):
    """A browser sends `text/plain` to other sites without asking, and cookies with it."""
    body = '{"name": "FORGED", "value": "a forged value"}'
    answer = admin.post("/api/secrets/set", data=body, content_type="text/plain", headers=EVIL)
    assert answer.status_code == 401
