from playwright.sync_api import expect

from tests.browser.conftest import log_in
from tests.people import token


def test_the_token_is_copied_with_the_keyboard(context_for, live_server):
    context = context_for(permissions=["clipboard-read", "clipboard-write"])
    page = log_in(context.new_page(), live_server)
    page.goto("/settings/account")
    button = page.get_by_role("button", name="Copy the token")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#voice")).to_have_text("Copied")
    expect(button).to_contain_text("Copied")
    with live_server.app.app_context():
        assert page.evaluate("navigator.clipboard.readText()") == token("member")


def test_each_of_the_four_lines_has_a_copy_button(page, live_server):
    log_in(page, live_server)
    page.goto("/runners")
    for number in range(1, 5):
        expect(page.get_by_role("button", name=f"Copy line {number}")).to_be_visible()


def test_regenerating_asks_in_front_of_the_page(page, live_server):
    log_in(page, live_server)
    page.goto("/settings/account")
    before = page.locator("#token").inner_text()
    page.get_by_role("link", name="Regenerate").click()
    dialog = page.get_by_role("dialog", name="Make a new token?")
    expect(dialog).to_contain_text("stops working at once")
    dialog.get_by_role("link", name="Cancel").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("link", name="Regenerate")).to_be_focused()
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Regenerate").click()
    expect(page.get_by_text("You have a new token.")).to_be_visible()
    assert page.locator("#token").inner_text() != before


def test_a_token_for_a_script_is_made_shown_once_and_revoked(page, live_server):
    log_in(page, live_server)
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto("/settings/account")
    page.get_by_label("Name").fill("nightly")
    page.get_by_label("Scope").select_option("submit")
    page.get_by_role("button", name="Make a token").click()
    secret = page.locator("#made-token").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("link", name="I have copied it").click()
    expect(page.get_by_text("nightly", exact=True)).to_be_visible()
    expect(page.get_by_text(secret)).to_have_count(0)
    page.get_by_role("link", name="Revoke nightly").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("The token nightly no longer works.")).to_be_visible()
    expect(page.get_by_role("link", name="Revoke nightly")).to_have_count(0)
