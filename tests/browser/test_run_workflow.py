import time

from playwright.sync_api import expect

from tests.browser.conftest import log_in
from tests.pages.scene import submitted

WORKFLOW = "workflows:\n  - name: hello\n    commands:\n      - echo hello\n"


def at_work(live_server, box):
    """A run that box-1 works on: its name and its job."""
    with live_server.app.app_context():
        run = submitted()
        return run.name, box.poll()["jobs"][0]["job"]


def send(live_server, box, job, text, offset=0):
    with live_server.app.app_context():
        assert box.send_log(job, text, offset=offset).status_code == 200


def test_a_workflow_goes_from_the_form_to_done_with_its_log_live(page, live_server, box):
    log_in(page, live_server)
    page.goto("/runs")
    page.get_by_role("link", name="Run workflow", exact=True).click()
    page.get_by_label("Workflow file").fill(WORKFLOW)
    page.get_by_role("button", name="Run workflow").click()
    expect(page.get_by_text("Nothing printed yet.")).to_be_visible()
    with live_server.app.app_context():
        job = box.poll()["jobs"][0]["job"]
    send(live_server, box, job, b"\x1b[32mhello from box-1\x1b[0m\n")
    expect(page.locator(".line .f2")).to_have_text("hello from box-1")
    with live_server.app.app_context():
        box.finish(job)
    expect(page.get_by_text("The log ends here.")).to_be_visible()
    expect(page.locator(".head .status")).to_have_text("Completed 1/1")


def test_a_printed_line_is_in_the_page_within_half_a_second(page, live_server, box):
    name, job = at_work(live_server, box)
    log_in(page, live_server)
    page.goto(f"/runs/{name}")
    send(live_server, box, job, b"warm\n")
    expect(page.get_by_text("warm")).to_be_visible()
    took = []
    for number in range(5):
        text = f"line {number}\n".encode()
        began = time.monotonic()
        send(live_server, box, job, text, offset=5 + number * len(text))
        page.get_by_text(f"line {number}").wait_for()
        took.append(time.monotonic() - began)
    assert sorted(took)[2] < 0.5, took


def test_mistakes_are_said_by_line_and_the_text_stays(page, live_server, complaints):
    log_in(page, live_server)
    page.goto("/runs/new")
    text = WORKFLOW.replace("commands", "comands")
    page.get_by_label("Workflow file").fill(text)
    page.get_by_role("button", name="Run workflow").click()
    expect(page.get_by_role("alert").first).to_contain_text("line 3")
    expect(page.get_by_label("Workflow file")).to_have_value(text)
    complaints.clear()  # the browser reports the answer 400


def test_a_file_can_be_chosen_instead(page, tmp_path, live_server):
    file = tmp_path / "workflows.yaml"
    file.write_text(WORKFLOW)
    log_in(page, live_server)
    page.goto("/runs/new")
    page.get_by_label("Or choose a file").set_input_files(file)
    page.get_by_role("button", name="Run workflow").click()
    expect(page.get_by_text("is submitted.")).to_be_visible()


def test_the_log_follows_until_its_reader_scrolls_up(page, live_server, box):
    name, job = at_work(live_server, box)
    block = b"".join(b"line %04d\n" % number for number in range(200))
    send(live_server, box, job, block)
    log_in(page, live_server)
    page.goto(f"/runs/{name}")
    page.set_viewport_size({"width": 1280, "height": 1500})
    log, follow = page.locator("#log"), page.get_by_role("button", name="Follow")
    from_end = "log => log.scrollHeight - log.scrollTop - log.clientHeight"
    expect(page.get_by_text("line 0199")).to_be_in_viewport()
    log.evaluate("log => log.scrollTo(0, 0)")
    expect(follow).to_be_visible()
    send(live_server, box, job, b"more\n", offset=len(block))
    expect(page.get_by_text("more", exact=True)).to_be_attached()
    assert log.evaluate("log => log.scrollTop") == 0
    follow.click()
    expect(follow).to_be_hidden()
    send(live_server, box, job, b"and more\n", offset=len(block) + 5)
    expect(page.get_by_text("and more", exact=True)).to_be_in_viewport()
    assert log.evaluate(from_end) < 40


def test_a_link_to_a_line_leads_there(page, live_server, box):
    name, job = at_work(live_server, box)
    send(live_server, box, job, b"".join(b"line %04d\n" % number for number in range(500)))
    log_in(page, live_server)
    page.goto(f"/runs/{name}")
    target = page.locator("#b1000")
    target.hover()
    target.get_by_role("link", name="Link to this line").click()
    page.wait_for_url("**line=1000#b1000")
    expect(page.locator("#b1000:target")).to_be_in_viewport()
    expect(page.locator("#b1000")).to_contain_text("line 0100")


def test_stopping_asks_first(page, live_server, box):
    name, _job = at_work(live_server, box)
    log_in(page, live_server)
    page.goto(f"/runs/{name}")
    page.get_by_role("link", name="Stop").click()
    page.get_by_role("dialog").get_by_role("button", name="Stop the run").click()
    expect(page.locator(".head .status")).to_contain_text("Stopping…")
