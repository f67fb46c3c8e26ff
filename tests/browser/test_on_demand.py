"""The whole path of on-demand runners in a browser, from no keys to no machine."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.practice_server import PracticeServer
from tests.people import PASSWORD

pytestmark = pytest.mark.browser
WORKFLOW = "commands:\n  - echo hello from a machine\n"
BOOT_MS, END_MS = 60_000, 60_000
# A request that was under way when its page was left or when its form sent a newer one; an answer
# that is an error is another event.
LEFT = ("htmx:afterRequest", "htmx:sendError", "htmx:sendAbort")


@pytest.fixture
def server(tmp_path) -> Iterator[PracticeServer]:
    with PracticeServer(tmp_path) as running:
        yield running


@pytest.fixture
def page(server, browser: Browser) -> Iterator[Page]:
    """A page of a new browser in which ada, the first admin, is logged in; whatever its console
    says must not be an error."""
    said: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.on("console", lambda told: said.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(server.setup_url)
    for name, value in (("name", "ada"), ("email", "ada@example.org")):
        page.fill(f"[name={name}]", value)
    for name in ("password", "again"):
        page.fill(f"[name={name}]", PASSWORD)
    page.click("main form button")
    yield page
    context.close()
    assert [words for words in said if not words.startswith(LEFT)] == []


def test_from_keys_and_a_limit_to_a_machine_that_comes_works_and_goes(server, page):
    enter_the_practice_keys(server, page)
    end_idle_machines_at_once(page)
    add_a_limit(page)
    run_a_workflow(server, page)
    watch_the_machine(server, page)
    expect_everything_gone(server, page)


def enter_the_practice_keys(server: PracticeServer, page: Page) -> None:
    """Copied from the panel, typed into Settings → AWS, shown masked, checked."""
    page.click("text=Practice")
    access_key = page.inner_text("#practice-id").strip()
    secret_key = page.inner_text("#practice-secret").strip()
    page.goto(f"{server.url}/settings/aws")
    page.click("text=Enter AWS keys")
    page.fill("[name=access_key_id]", access_key)
    page.fill("[name=secret_access_key]", secret_key)
    page.click("button:has-text('Save')")
    shown = page.input_value("#shown-id")
    assert shown == access_key[:4] + "*" * (len(access_key) - 8) + access_key[-4:]
    expect(page.locator("#check")).to_contain_text("nothing is missing", timeout=20_000)


def end_idle_machines_at_once(page: Page) -> None:
    """Idle time 0."""
    page.fill("[name=idle_seconds]", "0")
    page.click("button:has-text('Save')")
    expect(page.locator("main")).to_contain_text("Saved.")


def add_a_limit(page: Page) -> None:
    """The type is found while typing; price and worst case are told before it is saved."""
    page.click("text=Add a limit")
    page.select_option("#limit-region", "eu-west-1")
    page.locator("[name=instance_type]").press_sequentially("m5.xl")
    page.locator("button[name=choose][value='m5.xlarge']").click(timeout=30_000)
    page.fill("[name=maximum]", "2")
    look = page.locator("#limit-look")
    expect(look).to_contain_text("2 machines at once", timeout=40_000)
    expect(look).to_contain_text("Spot price now")
    page.click("button:has-text('Add limit')")
    row = page.locator("tr[id^=limit-]")
    expect(row).to_contain_text("Europe/Ireland")
    expect(row).to_contain_text("CPU 4, Memory 16GiB")


def run_a_workflow(server: PracticeServer, page: Page) -> None:
    """Pasted into the page Run workflow."""
    page.goto(f"{server.url}/runs/new")
    page.fill("textarea", WORKFLOW)
    page.click("button:has-text('Run workflow')")


def watch_the_machine(server: PracticeServer, page: Page) -> None:
    """REQUESTED, then LIVE or on its way out (idle time is 0), then no longer in the list."""
    page.goto(f"{server.url}/runners")
    status = page.locator("#runners .status")
    expect(status).to_have_text("REQUESTED", timeout=5_000)
    expect(status).to_have_text(re.compile("LIVE|DRAINING|TERMINATING"), timeout=BOOT_MS)
    expect(page.locator("#listing")).to_contain_text("No runner yet", timeout=END_MS)


def expect_everything_gone(server: PracticeServer, page: Page) -> None:
    """The job is done, nothing is billed now, something was today, and AWS has no machine."""
    page.goto(f"{server.url}/runs")
    expect(page.locator("main")).to_contain_text("Completed 1/1")
    page.goto(f"{server.url}/settings/aws")
    expect(page.locator("#money")).to_contain_text(re.compile(r"An hour now\s*\$0\.00\s"))
    expect(page.locator("#money")).not_to_contain_text(re.compile(r"Today \(UTC\)\s*\$0\.00\s"))
    expect(page.locator("tr[id^=limit-]")).to_contain_text("Spot")
    page.goto(f"{server.url}/practice")
    expect(page.locator("#practice-live")).to_contain_text("No machine now.")
