"""`repos/init`: git itself says whether the credentials open the repository."""

import pytest

from tests.git_scene.http_server import HttpGit
from tests.git_scene.repository import Repository
from tests.people import bearer
from webapp.engine.repository_access import Credentials
from webapp.models.event import events_of
from webapp.models.repo import repo_at, repos


@pytest.fixture
def init(anonymous, people):
    def call(role="member", **body):
        return anonymous.post("/api/repos/init", json=body, headers=bearer(role))

    return call


@pytest.fixture
def local(app):
    """Repositories on this machine are allowed."""
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"allow_local_repos": True})


@pytest.fixture
def server(tmp_path, local):
    Repository(tmp_path / "root" / "thing")
    with HttpGit(tmp_path / "root", "me", "sesame") as server:
        yield server


def test_what_opens_it_is_kept(init, server):
    url = server.url("thing/.git")
    answer = init(repo_url=url, repo_user_name="me", repo_password="sesame", github_token=None)
    assert (answer.status_code, answer.json) == (200, {})
    repo = repo_at(url)
    assert repo.usable and repo.opened_by == Credentials(user_name="me", password="sesame")
    assert repo.user.name == events_of()[0].who == "max"


def test_what_does_not_is_not_and_gits_words_are_told(init, server):
    url = server.url("thing/.git")
    answer = init(repo_url=url, repo_user_name="me", repo_password="wrong")
    assert (answer.status_code, answer.json["code"]) == (400, "no_access")
    assert "Authentication failed" in answer.json["message"]
    assert repos() == []


def test_what_opened_it_before_stays_when_the_new_does_not(init, server):
    url = server.url("thing/.git")
    init(repo_url=url, repo_user_name="me", repo_password="sesame")
    assert init(repo_url=url).status_code == 400
    assert repo_at(url).opened_by.password == "sesame" and repo_at(url).usable


def test_a_repository_for_anybody_needs_nothing(init, local, tmp_path):
    Repository(tmp_path / "open" / "thing")
    with HttpGit(tmp_path / "open") as server:
        assert init(repo_url=server.url("thing/.git")).status_code == 200
        assert repo_at(server.url("thing/.git")).kind == "none"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"repo_url": "-x"}, "repo_url"),
        ({"repo_url": "ext::sh -c id"}, "repo_url"),
        ({"repo_url": "file:///srv/thing"}, "repo_url"),
        ({"repo_url": "/srv/thing"}, "repo_url"),
        ({"repo_url": "https://me:pw@host/thing"}, "repo_url"),
        ({"repo_url": "https://host/thing\n"}, "repo_url"),
        ({"repo_url": "https://host/th\0ing"}, "repo_url"),
        ({"repo_url": "git@host:thing"}, "private_key"),
        ({"repo_url": "git@host:thing", "private_key": "ssh-rsa AAA"}, "private_key"),
        ({"repo_url": "https://host/thing", "repo_password": "x"}, "repo_user_name"),
        ({"repo_url": "https://host/thing", "repo_user_name": "x"}, "repo_password"),
        ({"repo_url": "https://host/thing", "github_token": "a\nb"}, "github_token"),
        ({"repo_url": "https://host/thing", "private_key": "x" * 40_000}, "private_key"),
        ({"github_token": "x"}, "repo_url"),
        ({"repo_url": "https://host/thing", "branch": "x"}, "branch"),
    ],
)
def test_a_wrong_field_is_named_and_git_is_not_asked(init, body, field):
    answer = init(**body)
    assert (answer.status_code, list(answer.json["fields"])) == (400, [field])
    assert repos() == []


def test_a_secret_is_in_no_refusal(init):
    answer = init(repo_url="https://me:sesame@host/thing", github_token="sesame\n2")
    assert "sesame" not in answer.text


def test_a_viewer_makes_none_known(init):
    assert init(role="viewer", repo_url="https://host/thing").status_code == 403


@pytest.mark.parametrize("host", ["169.254.169.254", "localhost"])
def test_a_host_that_is_not_asked_is_said(init, host):
    answer = init(repo_url=f"http://{host}/latest/meta-data")
    assert (answer.status_code, answer.json["code"]) == (400, "no_access")
    assert answer.json["fields"]["repo_url"].startswith(f"{host} leads to ")
    assert repos() == []
