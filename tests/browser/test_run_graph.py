from playwright.sync_api import expect

from tests.browser.conftest import log_in
from tests.pages.scene import submitted
from webapp.engine.jobs import JobSpec


def test_the_graph_is_walked_by_keyboard_and_changes_under_the_finger(
    context_for, live_server, box
):
    """On a narrow screen it scrolls in its box; news leave the focus where it is."""
    with live_server.app.app_context():
        train = JobSpec("true", "train", depends_on=(0,))
        run = submitted(JobSpec("true", "prepare"), train).name
    page = log_in(context_for(viewport={"width": 360, "height": 800}).new_page(), live_server)
    page.goto(f"/runs/{run}")
    page.get_by_role("region", name="Jobs, from what is needed to what needs it").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="prepare: Waiting…")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="train: Waiting for 1 job; needs prepare")).to_be_focused()
    assert page.locator(".graph-box").evaluate("box => box.scrollLeft") > 0
    with live_server.app.app_context():
        box.finish(box.poll()["jobs"][0]["job"])
    expect(page.get_by_role("link", name="train: Waiting…; needs prepare")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Job train")).to_be_visible()
