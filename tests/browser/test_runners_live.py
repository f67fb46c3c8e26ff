from playwright.sync_api import expect

from tests.agents.machine import AgentPeer
from tests.browser.conftest import log_in
from tests.pages.scene import submitted
from webapp.engine.jobs import JobSpec


def test_a_runner_appears_drains_and_resumes_without_a_reload(page, live_server):
    log_in(page, live_server)
    page.goto("/runners")
    expect(page.get_by_text("No runner yet")).to_be_visible()
    page.evaluate("window.stayed = true")
    with live_server.app.app_context():
        peer = AgentPeer(live_server.app).register(name="box-1").start()
    row = page.get_by_role("row", name="box-1")
    expect(row).to_contain_text("LIVE")
    with live_server.app.app_context():
        assert peer.call("stop", {"reason": "shut down"}).status_code == 200
    expect(row).to_contain_text("OFFLINE")
    assert page.evaluate("window.stayed") is True


def test_focus_and_selection_survive_news(page, live_server, box):
    log_in(page, live_server)
    page.goto("/runners")
    link = page.get_by_role("link", name="box-1")
    link.focus()
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.wide'))")
    chosen = page.evaluate("String(getSelection())")
    with live_server.app.app_context():
        assert box.call("stop", {"reason": "shut down"}).status_code == 200
    expect(page.get_by_role("row", name="box-1")).to_contain_text("OFFLINE")
    expect(link).to_be_focused()
    assert chosen and page.evaluate("String(getSelection())") == chosen


def test_what_was_unfolded_stays_unfolded(page, live_server, box):
    with live_server.app.app_context():
        run = submitted(JobSpec("a"), JobSpec("b"))
    log_in(page, live_server)
    page.goto("/runs")
    fold = page.get_by_role("button", name=f"Jobs of {run.name}")
    expect(fold).to_have_attribute("aria-expanded", "true")
    fold.click()
    expect(fold).to_have_attribute("aria-expanded", "false")
    with live_server.app.app_context():
        box.poll()
    expect(page.locator(".group .status").first).to_contain_text("Running… 0/2")
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(page.locator("tr.sub").first).to_be_hidden()


def test_draining_takes_one_click(page, box, live_server):
    log_in(page, live_server)
    page.goto("/runners/box-1")
    page.get_by_role("button", name="Drain").click()
    expect(page.get_by_text("box-1 takes no more jobs.")).to_be_visible()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("box-1 takes jobs again.")).to_be_visible()


def test_it_says_when_the_server_is_away_and_when_it_is_back(page, box, complaints, live_server):
    log_in(page, live_server)
    page.goto("/runners")
    page.route("**/runners/changes*", lambda route: route.abort())
    expect(page.get_by_text("The server does not answer.")).to_be_visible()
    page.unroute("**/runners/changes*")
    expect(page.get_by_text("The server does not answer.")).to_be_hidden()
    complaints.clear()  # the browser reports the failed requests
