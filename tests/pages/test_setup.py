from urllib.parse import urlsplit

from webapp.models.token import token_of
from webapp.models.user import user_named
from webapp.start import one_time_setup_path

FIRST = {
    "name": "Grace",
    "email": "grace@example.org",
    "password": "a long enough one",
    "again": "a long enough one",
}


def test_it_makes_the_first_admin_and_logs_in(app, anonymous):
    path = one_time_setup_path(app)
    assert "Make the first account" in anonymous.get(path).text
    answer = anonymous.post(path, data=FIRST)
    assert answer.status_code == 303 and answer.headers["Location"] == "/runners"
    grace = user_named("grace")
    assert grace.role == "admin" and token_of(grace)
    assert "Welcome, grace" in anonymous.get("/runners").text


def test_the_link_works_once(app, anonymous):
    path = one_time_setup_path(app)
    anonymous.post(path, data=FIRST)
    answer = app.test_client().post(path, data={**FIRST, "name": "eve", "email": "e@example.org"})
    assert answer.headers["Location"] == "/login"
    assert user_named("eve") is None


def test_the_link_of_an_earlier_start_does_not_work(app, anonymous):
    old, _new = one_time_setup_path(app), one_time_setup_path(app)
    assert anonymous.post(old, data=FIRST).status_code == 403
    assert user_named("grace") is None


def test_without_the_link_it_says_where_to_find_it(app, anonymous):
    one_time_setup_path(app)
    answer = anonymous.get("/setup")
    assert answer.status_code == 403 and "printed in its terminal" in answer.text


def test_without_an_account_every_page_leads_to_setup(app, anonymous):
    assert urlsplit(anonymous.get("/runs").headers["Location"]).path == "/setup"
    assert urlsplit(anonymous.get("/login").headers["Location"]).path == "/setup"


def test_it_is_closed_once_there_is_an_account(app, people, anonymous):
    assert anonymous.get("/setup?token=x").headers["Location"] == "/login"


def test_it_says_what_is_wrong_and_keeps_what_was_typed(app, anonymous):
    path = one_time_setup_path(app)
    bad = {"name": "Not a name!", "email": "nowhere", "password": "short", "again": "other"}
    page = anonymous.post(path, data=bad).text
    for sentence in (
        "Small letters, digits, dot, dash and underscore, at most 40",
        "This is not an email address.",
        "Use at least 10 characters.",
        "The two passwords differ.",
    ):
        assert sentence in page
    assert 'value="not a name!"' in page and "short" not in page.replace("shortest", "")
    assert anonymous.post(path, data=FIRST).status_code == 303
