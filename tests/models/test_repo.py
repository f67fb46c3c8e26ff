"""Repositories: good credentials stay until better ones were checked."""

import pytest

from tests.people import TESTS
from webapp.clock import now
from webapp.engine.jobs import Code, JobSpec
from webapp.engine.repository_access import Credentials
from webapp.extensions import db
from webapp.models.event import events_of
from webapp.models.repo import Repo, repo_at, repos, unfinished_runs_of
from webapp.models.repo_changes import (
    delete_repo,
    forget_hosts,
    keep_repo,
    learn_hosts,
    propose_repo,
    repo_checked,
    want_repo_check,
)
from webapp.models.submission import submit_run
from webapp.models.transaction import writing

URL = "https://github.com/me/thing.git"
OLD, NEW = Credentials(token="old", user_name="me"), Credentials(token="new", user_name="me")
HOST = "host ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl\n"


@pytest.fixture
def propose(people):
    def call(credentials, url=URL):
        with writing():
            propose_repo(TESTS, people["member"].id, url, credentials, now())
        return repo_at(url)

    return call


@pytest.fixture
def kept(people):
    with writing():
        keep_repo(TESTS, people["member"].id, URL, OLD, HOST, now())
    return repo_at(URL)


def checked(repo, problem, hosts=""):
    with writing():
        repo_checked(TESTS, repo.id, repo.candidate, problem, hosts, now())
    return repo_at(URL)


def test_a_new_one_is_usable_only_after_a_good_check(propose):
    repo = propose(OLD)
    assert not repo.usable and repo.check_wanted_at
    repo = checked(repo, None, HOST)
    assert repo.usable and repo.opened_by == OLD and repo.kind == "token"
    assert repo.candidate is None and repo.check_wanted_at is None
    assert repo.hosts[0].host == "host"


def test_a_new_one_whose_check_is_bad_says_so_and_keeps_nothing(propose):
    repo = checked(propose(OLD), "No.")
    assert (repo.usable, repo.problem, repo.candidate, repo.credentials) == (
        False,
        "No.",
        None,
        None,
    )


def test_bad_new_credentials_do_not_replace_good_ones(kept, propose):
    repo = propose(NEW)
    assert repo.usable and repo.opened_by == OLD
    repo = checked(repo, "No.")
    assert repo.usable and repo.opened_by == OLD and repo.candidate is None
    assert repo.problem == "The new credentials were not taken, the ones before stay: No."


def test_good_new_credentials_do(kept, propose):
    repo = checked(propose(NEW), None)
    assert repo.opened_by == NEW and repo.problem is None


def test_a_result_for_credentials_that_were_replaced_meanwhile_does_not_count(kept, propose):
    older = propose(NEW).candidate
    repo = propose(Credentials())
    with writing():
        repo_checked(TESTS, repo.id, older, None, "", now())
    assert repo_at(URL).opened_by == OLD and repo_at(URL).check_wanted_at


def test_a_check_again_of_the_good_ones_says_what_it_found(kept):
    with writing():
        want_repo_check(TESTS, kept, now())
    repo = checked(repo_at(URL), "Not there.")
    assert repo.problem == "Not there." and repo.usable and repo.opened_by == OLD


def test_every_spelling_is_the_same_repository(kept, propose):
    assert propose(NEW, "https://GITHUB.com/me/thing/").id == kept.id
    assert [repo.url for repo in repos()] == [URL]


def test_hosts_are_learned_once_and_forgotten_when_somebody_says_so(kept):
    other = HOST.replace("OMqq", "XXXX")
    with writing():
        learn_hosts(TESTS, kept, other + other.replace("host", "second"), now())
    assert [key.host for key in repo_at(URL).hosts] == ["host", "second"]
    assert HOST in repo_at(URL).known_hosts
    with writing():
        forget_hosts(TESTS, repo_at(URL), now())
    assert repo_at(URL).hosts == []


def test_unfinished_runs_that_need_it_are_named(kept, people):
    for url in (URL, "https://github.com/me/thing", "https://github.com/me/other"):
        with writing():
            submit_run(
                TESTS, people["member"].id, [JobSpec("true")], now(), code=Code(repo_url=url)
            )
    assert len(unfinished_runs_of(kept)) == 2


def test_it_is_gone_when_it_is_deleted(kept):
    with writing():
        delete_repo(TESTS, kept, now())
    assert repos() == [] and repo_at(URL) is None


def test_no_secret_is_plain_in_the_database_or_in_an_event(kept, propose):
    propose(Credentials(token="sesame-1", user_name="me"))
    row = db.session.execute(db.text("SELECT * FROM repo")).one()
    told = " ".join(event.why + str(event.data) for event in events_of())
    assert "sesame" not in str(row) + told and "old" not in str(row.credentials)
    assert db.session.get(Repo, row.id).opened_by == OLD
