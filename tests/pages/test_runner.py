from tests.pages.scene import machine, poll_of, submitted, text_of


def test_it_shows_what_the_machine_is(app, viewer):
    machine(app)
    page = text_of(viewer.get("/runners/box-1"))
    for text in ("CPU 4, Memory 16000MiB", "Debian GNU/Linux 12 (x86_64)", "Python 3.11.2", "LIVE"):
        assert text in page
    assert "none: jobs with an image go elsewhere" in page


def test_it_shows_its_jobs_and_events(app, viewer):
    peer, run = machine(app), submitted()
    job = peer.poll()["jobs"][0]["job"]
    page = text_of(viewer.get("/runners/box-1"))
    assert run.name in page and job in page and "job claimed" in page
    peer.finish(job, exit_code=3)
    assert "(exit code 3)" in text_of(viewer.get("/runners/box-1"))


def test_a_poll_is_empty_until_something_happens_to_this_runner(app, viewer):
    peer = machine(app)
    poll = poll_of(viewer.get("/runners/box-1"))
    machine(app, 2)
    assert viewer.get(poll).status_code == 204
    submitted()
    peer.poll()
    assert "job claimed" in viewer.get(poll).text


def test_it_says_what_to_do_about_trouble(app, viewer, clock):
    peer = machine(app, disk_free_mib=100)
    page = text_of(viewer.get("/runners/box-1"))
    assert "Only 100 MiB of its disk are free" in page
    peer.call("stop", {"reason": "shut down"})
    page = text_of(viewer.get("/runners/box-1"))
    assert "Its agent is not running. Start it on that machine with: dstack-runner start" in page


def test_it_says_that_a_clock_is_wrong(app, viewer, clock):
    peer = machine(app)
    hello = peer.hello()
    peer.hello = lambda: {**hello, "clock": clock() - 120_000}
    peer.start()
    assert "Its clock is 120 s behind this server's." in text_of(viewer.get("/runners/box-1"))


def test_a_viewer_sees_no_buttons(app, viewer):
    machine(app)
    assert "Drain" not in text_of(viewer.get("/runners/box-1"))


def test_an_unknown_runner_is_404_in_words(viewer):
    answer = viewer.get("/runners/nobody-1")
    assert answer.status_code == 404 and "There is no runner called nobody-1." in answer.text
    assert viewer.get("/runners/nobody-1/changes").status_code == 404


def test_a_stranger_goes_to_the_login(anonymous, people):
    assert anonymous.get("/runners/box-1").headers["Location"] == "/login?next=/runners/box-1"
