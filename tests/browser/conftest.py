"""Chromium for the tests of a worker, a context of its own for each test, and no silent errors."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from tests.agents.machine import AgentPeer
from tests.conftest import LiveServer, make_app, serving, test_settings
from tests.people import NAMES, logged_in
from webapp.models.user import user_named

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
PATIENCE = 30_000  # milliseconds; a machine that is busy with other tests is no fault of a page

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker("browser")


@pytest.fixture
def live_server(template: Path | None, tmp_path: Path) -> Iterator[LiveServer]:
    """Patient with machines that say nothing while a browser is watched."""
    settings = test_settings(tmp_path, poll_seconds=2, lease_seconds=600, tick_seconds=0.5)
    with serving(make_app(template, settings)) as live:
        yield live


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser; it starts slowly."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about; the test fails when something is left in it."""
    return []


@pytest.fixture
def context_for(
    browser: Browser, live_server: LiveServer, complaints: list[str]
) -> Iterator[Callable[..., BrowserContext]]:
    """Makes contexts that know the server; options are Playwright's."""
    contexts: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        context = browser.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(PATIENCE)
        context.on("console", lambda message: _note(message, complaints))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(context_for: Callable[..., BrowserContext]) -> Page:
    """A page nobody logged in on."""
    return context_for().new_page()


@pytest.fixture
def box(live_server: LiveServer) -> AgentPeer:
    """A live machine of max."""
    with live_server.app.app_context():
        return AgentPeer(live_server.app).register(name="box-1").start()


def log_in(page: Page, live: LiveServer, role: str = "member") -> Page:
    """With a session as the login makes it; the form has a test of its own."""
    with live.app.app_context():
        client = logged_in(live.app, user_named(NAMES[role]))
    name = live.app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    page.context.add_cookies([{"name": name, "value": cookie.value, "url": live.url}])
    return page


def _note(message: ConsoleMessage, complaints: list[str]) -> None:
    if message.type in ("error", "warning"):
        complaints.append(message.text)
