"""Settings → Repositories."""

import pytest
from flask import url_for

from tests.git_scene.repository import Repository
from tests.pages.scene import poll_of, submitted, text_of
from tests.people import TESTS
from webapp.clock import now
from webapp.engine.jobs import Code
from webapp.engine.repository_access import Credentials
from webapp.extensions import db
from webapp.models.repo import repo_at, repos, unsealed
from webapp.models.repo_changes import keep_repo, learn_hosts, repo_checked
from webapp.models.transaction import writing
from webapp.models.user import user_named
from webapp.tasks.check_repositories import check_repositories

URL = "https://github.com/me/thing.git"
KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----\n"
HOST = "host ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl\n"


@pytest.fixture
def repo(people):
    """Good, opened by a token."""
    with writing():
        given = Credentials(token="sesame-token", user_name="me")
        keep_repo(TESTS, user_named("max").id, URL, given, HOST, now())
    return repo_at(URL).id


def found(url=URL):
    db.session.expire_all()
    return repo_at(url)


def test_without_any_it_says_what_they_are_for(member):
    page = member.get("/settings/repositories")
    assert "No repositories yet" in text_of(page) and "/settings/repositories/add" in page.text


def test_one_is_added_and_checked_by_git_while_the_page_asks(app, member, tmp_path):
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"allow_local_repos": True})
    url = Repository(tmp_path / "thing").url
    answer = member.post("/settings/repositories/add", data={"url": f" {url} ", "kind": "none"})
    assert answer.headers["Location"] == "/settings/repositories"
    page = member.get("/settings/repositories")
    assert "Checking…" in text_of(page) and "added: git tries it now" in text_of(page)
    assert member.get(poll_of(page)).status_code == 204
    check_repositories(now())
    news = member.get(poll_of(page))
    assert (
        news.status_code == 200 and "Good" in text_of(news) and 'hx-swap-oob="morph"' in news.text
    )


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        ({"kind": "none"}, Credentials()),
        ({"kind": "token", "token": " t "}, Credentials(token="t", user_name="x-access-token")),
        (
            {"kind": "password", "user_name": "me", "password": "p w"},
            Credentials(user_name="me", password="p w"),
        ),
        ({"kind": "none", "token": "left over"}, Credentials()),
    ],
)
def test_each_way_to_open_it_waits_as_a_candidate(member, data, kept):
    member.post("/settings/repositories/add", data={"url": URL, **data})
    assert unsealed(found().candidate) == kept and not found().usable


def test_a_key_is_for_ssh(member):
    data = {"url": "git@github.com:me/thing", "kind": "ssh_key", "private_key": KEY}
    member.post("/settings/repositories/add", data=data)
    assert repos()[0].kind == "ssh_key"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"url": ""}, "Give the URL"),
        ({"url": "-x"}, "does not begin with `-`"),
        ({"url": "ext::sh -c id"}, "no spaces"),
        ({"url": "ext::sh"}, "start a program"),
        ({"url": "/srv/thing"}, "ALLOW_LOCAL_REPOS"),
        ({"url": "https://me:pw@host/x"}, "Leave the password or token out"),
        ({"url": "git@host:x", "kind": "none"}, "needs a private key"),
        ({"url": "git@host:x", "kind": "token", "token": "t"}, "needs a private key"),
        ({"url": "git@host:x", "kind": "ssh_key", "private_key": "x"}, "This is no private key"),
        ({"url": URL, "kind": "ssh_key", "private_key": KEY}, "not http"),
        ({"url": URL, "kind": "password", "password": "x"}, "Give the user name"),
        ({"url": URL, "kind": "nonsense"}, "Not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost_but_secrets(member, data, words):
    typed = {"url": "https://host/typed", "kind": "none", **data}
    answer = member.post("/settings/repositories/add", data=typed)
    assert answer.status_code == 400 and words in text_of(answer)
    assert f'value="{typed["url"]}"' in answer.text and repos() == []
    assert "BEGIN OPENSSH" not in answer.text


def test_a_secret_is_never_sent_back(member):
    data = {"url": "-x", "kind": "token", "token": "sesame"}
    answer = member.post("/settings/repositories/add", data=data)
    assert "sesame" not in answer.text and "a secret is not sent back" in text_of(answer)


def test_new_credentials_wait_while_the_old_ones_stay(member, repo):
    page = member.get(f"/settings/repositories/{repo}/replace")
    assert "sesame" not in page.text and URL in page.text
    member.post(f"/settings/repositories/{repo}/replace", data={"kind": "none"})
    assert found().opened_by.token == "sesame-token" and found().candidate
    answer = member.post(f"/settings/repositories/{repo}/replace", data={"kind": "token"})
    assert answer.status_code == 303  # no token is nothing: anybody may read it


def test_the_list_says_what_opens_it_and_shows_no_secret(member, repo):
    page = member.get("/settings/repositories")
    words = text_of(page)
    assert URL in words and "Token" in words and "Good" in words and "max" in words
    assert "SHA256:" in words and "sesame" not in page.text
    assert "Delete" not in words and "Forget" not in words


def test_trouble_is_told_beside_the_repository(member, repo, people):
    with writing():
        repo_checked(TESTS, repo, None, "git says: fatal: gone", "", now())
    words = text_of(member.get("/settings/repositories"))
    assert "Trouble" in words and "git says: fatal: gone" in words


def test_a_check_again_is_asked_for(member, repo):
    member.post(f"/settings/repositories/{repo}/check")
    assert found().check_wanted_at and "Checking…" in text_of(member.get("/settings/repositories"))


def test_host_keys_are_forgotten_after_a_question(admin, repo):
    assert "whatever key its host shows" in text_of(
        admin.get(f"/settings/repositories/{repo}/forget")
    )
    assert found().hosts
    admin.post(f"/settings/repositories/{repo}/forget")
    assert found().hosts == []
    with writing():
        learn_hosts(TESTS, found(), HOST, now())
    assert found().hosts


def test_it_is_deleted_after_saying_what_needs_it(admin, repo):
    run = submitted(code=Code(repo_url=URL))
    question = text_of(admin.get(f"/settings/repositories/{repo}/delete"))
    assert f"1 unfinished run: {run.name}" in question
    admin.post(f"/settings/repositories/{repo}/delete")
    assert repos() == []


def test_what_needs_nothing_says_so(admin, repo):
    assert "Needed now by no run" in text_of(admin.get(f"/settings/repositories/{repo}/delete"))


@pytest.mark.parametrize("verb", ["forget", "delete"])
def test_a_member_deletes_and_forgets_nothing(member, repo, verb):
    assert member.post(f"/settings/repositories/{repo}/{verb}").status_code == 403
    assert found().hosts


@pytest.mark.parametrize("verb", ["replace", "check", "forget", "delete"])
def test_one_that_is_gone_is_not_found(admin, verb):
    for repo_id in ("99", "9" * 30):
        assert admin.post(f"/settings/repositories/{repo_id}/{verb}").status_code == 404


def test_a_viewer_sees_no_repositories(app, viewer, people):
    assert viewer.get("/settings/repositories").status_code == 403
    with app.test_request_context():
        address = url_for("pages.repositories")
    assert address not in viewer.get("/settings/account").text
