import time

import pytest

from tests.conftest import make_app, test_settings
from tests.people import PASSWORD, TESTS, add_people
from webapp.extensions import db, limiter
from webapp.models.transaction import writing
from webapp.models.user import disable, set_password, user_named


def log_in(client, name="max", password=PASSWORD, path="/login"):
    return client.post(path, data={"name": name, "password": password})


def test_it_lets_in_by_name_or_email(app, people):
    for name in ("max", "MAX", " max@example.org "):
        answer = log_in(app.test_client(), name)
        assert answer.status_code == 303 and answer.headers["Location"] == "/"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(anonymous, people):
    for name, password in (("max", "wrong"), ("nobody", PASSWORD)):
        answer = log_in(anonymous, name, password)
        assert answer.status_code == 401
        assert "This name and password do not go together." in answer.text
        assert PASSWORD not in answer.text
    assert anonymous.get("/runs").status_code == 303


def test_it_takes_as_long_for_nobody_as_for_somebody(template, tmp_path):
    """In the time of this thread, which other work on this machine does not change."""
    settings = test_settings(tmp_path, password_hash="scrypt:16384:8:1")
    app = make_app(template, settings)
    app.config["WTF_CSRF_ENABLED"] = False

    def cost(name):
        began = time.thread_time()
        assert log_in(app.test_client(), name, "a wrong password").status_code == 401
        return time.thread_time() - began

    with app.app_context():
        people = add_people()
        for role, name in (("member", "max"), ("viewer", "vera")):
            with writing():
                set_password(TESTS, people[role], PASSWORD, 1)
            assert user_named(name).password_hash.startswith(settings.password_hash)
        with writing():
            disable(TESTS, user_named("vera"), 1)
        names = ("max", "nobody", "max@example.org", "no@example.org", "vera")
        cost("nobody")  # what is done once
        least = [min(cost(name) for _ in range(4)) for name in names]
        # Without its hash an answer takes a tenth; a busy processor is slower by half now and then.
        assert max(least) < 2 * min(least), least
        limiter.reset()
        db.session.remove()
        db.engine.dispose()


def test_a_disabled_person_stays_out(anonymous, people):
    with writing():
        disable(TESTS, user_named("max"), 1)
    assert log_in(anonymous).status_code == 401


def test_it_leads_on_to_where_the_person_wanted_to_go(anonymous, people):
    answer = log_in(anonymous, path="/login?next=/runners%3Fq%3Dgpu")
    assert answer.headers["Location"] == "/runners?q=gpu"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/%09/evil.example",
        "evil.example",
        "/%0d%0aSet-Cookie: a=b",
    ],
)
def test_it_never_leads_to_another_server(anonymous, people, elsewhere):
    assert log_in(anonymous, path=f"/login?next={elsewhere}").headers["Location"] == "/"


def test_whoever_is_in_is_led_on(member):
    assert member.get("/login").headers["Location"] == "/"


def test_nothing_of_an_earlier_session_survives_the_login(anonymous, people):
    with anonymous.session_transaction() as session:
        session["planted"] = "by somebody else"
    log_in(anonymous)
    with anonymous.session_transaction() as session:
        assert "planted" not in session and session["_user_id"]


def test_empty_fields_are_named(anonymous, people):
    page = log_in(anonymous, "", "").text
    assert "Give your name or email." in page and "Give your password." in page


def test_it_slows_down_who_tries_many_passwords(template, tmp_path):
    app = make_app(template, test_settings(tmp_path, login_attempts="3 per minute"))
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        add_people()
        limiter.reset()
        answers = [log_in(app.test_client(), "ada", "wrong") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
        assert "Too many tries" in answers[-1].text and "Retry-After" in answers[-1].headers
        # Another address does not help with the same account.
        other = app.test_client()
        other.environ_base["REMOTE_ADDR"] = "198.51.100.7"
        assert log_in(other, "ada", PASSWORD).status_code == 429
        assert log_in(other, "max", PASSWORD).status_code == 303
        limiter.reset()
        db.session.remove()
        db.engine.dispose()


def test_logging_out_ends_the_session(member):
    assert member.post("/logout").headers["Location"] == "/login"
    assert member.get("/runs").status_code == 303


def test_logging_out_takes_a_button_not_a_link(member):
    assert member.get("/logout").status_code == 405
