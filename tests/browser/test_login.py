import re

from playwright.sync_api import expect

from tests.browser.conftest import log_in
from tests.people import PASSWORD


def test_a_person_logs_in_and_out(page):
    page.goto("/runners")
    page.get_by_label("Username or email").fill("max@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Runners", exact=True)).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def test_the_login_works_with_the_keyboard_alone(page):
    page.goto("/login")
    expect(page.get_by_label("Username or email")).to_be_focused()
    page.keyboard.type("max")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/runs")


def test_the_skip_link_leads_to_the_content(page, live_server):
    log_in(page, live_server)
    page.goto("/runners")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#main$"))


def test_a_session_that_ended_leads_a_polling_page_to_the_login(
    page, context_for, complaints, live_server
):
    log_in(page, live_server)
    page.goto("/runners")
    page.context.clear_cookies()
    page.wait_for_url(re.compile(r"/login\?next="))
    complaints.clear()  # the browser reports the 401 that led here
