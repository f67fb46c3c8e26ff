"""The sample project by the pages alone, with a real agent: from its repository to its picture."""

import pytest
from playwright.sync_api import expect

from scripts.demo.project import Repository
from tests.agent_process import AgentProcess
from tests.browser.conftest import log_in
from tests.people import token


@pytest.fixture
def repository(live_server, tmp_path):
    settings = live_server.app.extensions["settings"]
    changed = settings.model_copy(update={"allow_local_repos": True})
    live_server.app.extensions["settings"] = changed
    return Repository(tmp_path)


@pytest.fixture
def agent(live_server, tmp_path):
    with live_server.app.app_context():
        secret = token()
    agent = AgentProcess(tmp_path / "agent").config(live_server.url, secret).start()
    yield agent
    agent.close()


def test_from_the_repository_to_the_picture(page, live_server, repository, agent):
    log_in(page, live_server)
    page.goto("/settings/repositories")
    page.get_by_role("link", name="Add repository").click()
    page.get_by_label("URL").fill(repository.url)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Run a workflow of").click()
    page.get_by_label("Workflow", exact=True).select_option("train")
    page.get_by_label("epochs").fill("60")
    page.get_by_role("button", name="Run workflow").click()
    expect(page.locator("#run-head").get_by_text("Completed").first).to_be_visible(timeout=40_000)
    page.reload()
    section = page.locator("#artifacts")
    section.locator("summary", has_text="train").click()
    section.locator("summary", has_text="output").click()
    section.get_by_role("link", name="penguins.png", exact=True).click()
    picture = page.get_by_role("img", name="penguins.png")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth") == 1440
