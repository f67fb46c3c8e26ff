"""The watch finds what leaks: otherwise it would find nothing for ever."""

import logging
from pathlib import Path

import pytest

from tests.canary_watch import Listener, Watch
from tests.people import PASSWORD, TESTS
from webapp.access import allow
from webapp.clock import now
from webapp.engine.repository_access import Credentials
from webapp.models.repo_changes import keep_repo
from webapp.models.secret import set_secret
from webapp.models.transaction import writing

SECRET, TOKEN = "a secret of jobs", "token-of-a-repository"


@pytest.fixture
def watch(app):
    watch = Watch(app)

    @app.get("/leak")
    @allow("anyone")
    def leak():
        return f"here it is: {SECRET}"

    @app.get("/drip")
    @allow("anyone")
    def drip():
        return app.response_class(iter(["here ", f"it is: {SECRET}"]))

    @app.get("/header")
    @allow("anyone")
    def header():
        return app.response_class("", headers={"X-Told": SECRET})

    return watch


@pytest.fixture
def sealed(watch, people):
    with writing():
        set_secret(TESTS, "NAME", SECRET, now())
        about = ("https://example.org/a", Credentials(user_name="somebody", token=TOKEN), "", now())
        keep_repo(TESTS, people["member"].id, *about)


def test_what_is_sealed_is_a_secret_and_the_name_with_it_is_none(watch, sealed):
    assert {SECRET.encode(), TOKEN.encode()} <= watch.secrets
    assert b"somebody" not in watch.secrets


@pytest.mark.parametrize("path", ["/leak", "/drip", "/header"])
def test_an_answer_that_tells_one_is_found(watch, sealed, anonymous, path):
    assert anonymous.get("/login").status_code == 200
    assert watch.leaks == set()
    anonymous.get(path).get_data()
    assert watch.leaks == {(f"GET {path}", SECRET.encode())}


def test_what_is_typed_and_what_is_presented_are_secrets_too(watch, people, anonymous):
    anonymous.post("/login", data={"name": "max", "password": PASSWORD})
    anonymous.get("/api/runs/query", headers={"Authorization": "Bearer " + "x" * 30})
    assert {PASSWORD.encode(), b"x" * 30} <= watch.secrets


def test_a_file_that_has_one_is_found(app, watch, sealed):
    assert watch.at_rest() == set()
    path: Path = app.extensions["settings"].data_dir / "left.txt"
    path.write_text(f"--{TOKEN}--")
    assert watch.at_rest() == {(str(path), TOKEN.encode())}


def test_a_line_of_the_log_is_heard(watch, sealed):
    listener, log = Listener(), logging.getLogger("webapp.anything")
    log.addHandler(listener)
    log.warning("refused %s", SECRET)
    log.removeHandler(listener)
    assert watch.found(b"\n".join(listener.told)) == [SECRET.encode()]
