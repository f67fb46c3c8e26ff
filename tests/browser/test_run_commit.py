"""Run workflow of a repository and of an archive, in Chromium."""

import pytest
from playwright.sync_api import expect

from tests.archives.packing import tar
from tests.browser.conftest import log_in
from tests.git_scene.repository import Repository
from tests.people import TESTS
from webapp.clock import now
from webapp.engine.repository_access import Credentials
from webapp.extensions import db
from webapp.models.repo_changes import keep_repo
from webapp.models.transaction import writing
from webapp.models.user import user_named

FILES = {
    ".dstack/workflows.yaml": """workflows:
  - name: train
    commands: ["echo ${{ epochs }}"]
  - name: test
    commands: [echo]
""",
    ".dstack/variables.yaml": "variables: {train: {epochs: 3}}\n",
}


@pytest.fixture
def repository(live_server, tmp_path):
    settings = live_server.app.extensions["settings"]
    changed = settings.model_copy(update={"allow_local_repos": True})
    live_server.app.extensions["settings"] = changed
    return Repository(tmp_path / "thing", FILES)


def test_from_a_repository_that_is_added_to_a_run_with_a_variable(page, live_server, repository):
    log_in(page, live_server)
    page.goto("/settings/repositories")
    page.get_by_role("link", name="Add repository").click()
    page.get_by_label("URL").fill(repository.url)
    expect(page.get_by_label("Token", exact=True)).to_be_hidden()
    page.get_by_label("A token").check()
    expect(page.get_by_label("Token", exact=True)).to_be_visible()
    page.get_by_label("Nothing").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Good")).to_be_visible()
    page.get_by_role("link", name="Run a workflow of").click()
    expect(page.get_by_text(f"Commit {repository.hash()[:12]}")).to_be_visible()
    page.wait_for_load_state()  # a choice made before its scripts ran tells nobody
    page.get_by_label("Workflow", exact=True).select_option("train")
    epochs = page.get_by_label("epochs")
    expect(epochs).to_have_value("3")
    epochs.fill("7")
    page.get_by_role("button", name="Run workflow").click()
    expect(page.get_by_text("is submitted.")).to_be_visible()
    expect(page.get_by_text("epochs", exact=True)).to_be_visible()


@pytest.fixture
def known(live_server, repository):
    with live_server.app.app_context():
        with writing():
            about = (user_named("max").id, repository.url, Credentials(), "", now())
            keep_repo(TESTS, *about)
        db.session.remove()
    return repository


def test_another_branch_is_looked_up_when_it_is_typed(page, live_server, known):
    log_in(page, live_server)
    known.branch("faster")
    commit = known.commit({"x": "y"})
    page.goto("/runs/new")
    page.get_by_label("Branch").fill("faster")
    page.get_by_label("Branch").press("Tab")
    expect(page.get_by_text(f"Commit {commit[:12]}")).to_be_visible()
    page.get_by_label("Branch").fill("nowhere")
    page.get_by_label("Branch").press("Tab")
    expect(page.get_by_role("alert")).to_contain_text("There is no branch nowhere")
    expect(page.get_by_label("Branch")).to_have_value("nowhere")


def test_a_commit_is_run_without_scripts(context_for, live_server, repository):
    page = log_in(context_for(java_script_enabled=False).new_page(), live_server)
    page.goto("/settings/repositories/add")
    page.get_by_label("URL").fill(repository.url)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Checking…")).to_be_visible()

    def good():
        page.reload()
        return page.get_by_text("Good").is_visible()

    from tests.waiting import eventually

    eventually(good)
    page.goto("/runs/new")
    page.get_by_label("Workflow", exact=True).select_option("train")
    page.get_by_role("button", name="Look it up").last.click()
    page.get_by_label("epochs").fill("5")
    page.get_by_role("button", name="Run workflow").click()
    expect(page.get_by_text("is submitted.")).to_be_visible()


def test_an_archive_is_sent_once_and_run(page, live_server, tmp_path):
    (tmp_path / "thing.tar.gz").write_bytes(tar(FILES))
    log_in(page, live_server)
    page.goto("/runs/new")
    page.get_by_role("link", name="Archive").click()
    page.get_by_label("Archive").set_input_files(tmp_path / "thing.tar.gz")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("thing.tar.gz")).to_be_visible()
    page.get_by_label("Workflow", exact=True).select_option("train")
    page.get_by_label("epochs").fill("5")
    page.get_by_role("button", name="Run workflow").click()
    expect(page.get_by_text("is submitted.")).to_be_visible()
