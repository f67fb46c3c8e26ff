"""Artifacts are looked through while the run goes on."""

from playwright.sync_api import expect

from tests.browser.conftest import log_in
from tests.pages.scene import submitted
from webapp.engine.jobs import JobSpec

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080600000"
    "01f15c4890000000d49444154789c6360f8cf500f0003840180e3d5d2600000000049454e44ae426082"
)
FILES = {
    "output/plots/loss.png": PNG,
    "output/table.csv": b"epoch,loss\n1,0.5\n2,0.25\n",
    "output/" + "a-very-long-name-" * 12: b"x",
}


def test_folders_unfold_and_stay_so_and_a_plot_is_seen(page, live_server, box):
    with live_server.app.app_context():
        jobs = [JobSpec("a", "prepare", artifacts=("output",)), JobSpec("b", artifacts=("more",))]
        run = submitted(*jobs)
        first, second = (payload["job"] for payload in box.poll()["jobs"])
        box.leave(first, FILES)
    log_in(page, live_server)
    page.goto(f"/runs/{run.name}")
    section = page.locator("#artifacts")
    section.locator("summary", has_text="output").click()
    expect(section.get_by_role("link", name="table.csv", exact=True)).to_be_visible()
    section.locator("summary", has_text="plots").click()
    expect(section.get_by_role("link", name="loss.png", exact=True)).to_be_visible()
    with live_server.app.app_context():
        box.report("started", first)  # the page changes, and with it nothing of the folders
        box.finish(first)
    expect(page.locator("#run-head").get_by_text("Completed").first).to_be_visible()
    section.get_by_role("link", name="loss.png", exact=True).click()
    image = page.get_by_role("img", name="loss.png")
    expect(image).to_be_visible()
    assert image.evaluate("image => image.complete && image.naturalWidth") == 1
    page.get_by_role("link", name="output").click()
    page.get_by_role("link", name="table.csv", exact=True).click()
    expect(page.get_by_role("columnheader", name="loss")).to_be_visible()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download", exact=True).click()
    assert downloading.value.suggested_filename == "table.csv"
    with live_server.app.app_context():
        box.leave(second, {"more": b"x"})
        box.finish(second)
