import pytest

from tests.people import PASSWORD, token
from webapp.extensions import db
from webapp.models.event import events_of
from webapp.models.token import find_token, token_of
from webapp.models.user import authenticate, user_named


@pytest.fixture
def run(app):
    """Run `user …`; answers (exit code, what was printed)."""

    def call(*words, typed=""):
        result = app.test_cli_runner().invoke(args=["user", *words], input=typed)
        db.session.rollback()
        db.session.expire_all()
        return result.exit_code, result.output

    return call


def create(run, name="zoe", email="Zoe@example.org", role="admin", typed=PASSWORD + "\n"):
    return run("create", name, "--email", email, "--role", role, "--password-stdin", typed=typed)


def test_it_adds_a_person_with_a_token(run):
    assert create(run) == (0, "zoe may now log in as admin.\n")
    zoe = authenticate("zoe@example.org", PASSWORD)
    assert (zoe.name, zoe.role) == ("zoe", "admin")
    assert find_token(token_of(zoe)).user.name == "zoe"
    assert events_of(user_id=zoe.id)[0].who.endswith("(command line)")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": "Zoë"}, "NAME: small letters"),
        ({"name": "../x"}, "NAME: small letters"),
        ({"email": "nowhere"}, "--email:"),
        ({"role": "king"}, "'king' is not one of"),
        ({"typed": "short\n"}, "at least 10 characters"),
        ({"typed": ""}, "at least 10 characters"),
        ({"name": "max"}, "already an account"),
        ({"email": "MAX@example.org"}, "already an account"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_added(run, people, changes, says):
    code, output = create(run, **changes)
    assert code != 0
    assert says in output
    assert user_named("zoe") is None


def test_the_password_is_asked_twice_without_an_option(run):
    typed = f"{PASSWORD}\n{PASSWORD}\n"
    code, output = run("create", "zoe", "--email", "z@example.org", "--role", "member", typed=typed)
    assert code == 0
    assert PASSWORD not in output


def test_it_prints_a_token(run, people):
    assert run("token", "max") == (0, token("member") + "\n")


def test_it_lists_people_in_order(run, people):
    run("disable", "max")
    code, output = run("list")
    assert (code, output.splitlines()) == (
        0,
        [
            "ada\tada@example.org\tadmin\tactive",
            "max\tmax@example.org\tmember\tdisabled",
            "vera\tvera@example.org\tviewer\tactive",
        ],
    )


def test_a_disabled_person_does_not_come_in(run, people):
    secret = token("member")
    assert run("disable", "max") == (0, "max is disabled.\n")
    assert authenticate("max", PASSWORD) is None
    assert find_token(secret) is None


def test_the_last_admin_stays(run, people):
    code, output = run("disable", "ada")
    assert (code, "ada is the last admin" in output) == (1, True)
    assert authenticate("ada", PASSWORD).name == "ada"


def test_it_gives_a_new_password(run, people):
    code, _ = run("password", "max", "--password-stdin", typed="another long password\r\n")
    assert code == 0
    assert authenticate("max", "another long password").name == "max"


@pytest.mark.parametrize("verb", ["token", "disable", "password"])
def test_an_unknown_name_is_said(run, verb):
    code, output = run(verb, "nobody")
    assert (code, "there is nobody called nobody" in output) == (1, True)
