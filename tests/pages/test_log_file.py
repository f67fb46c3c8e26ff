from concurrent.futures import ThreadPoolExecutor

from tests.pages.scene import machine, submitted


def test_it_sends_the_log_byte_for_byte_as_a_file(app, viewer):
    peer, run = machine(app), submitted()
    job = peer.poll()["jobs"][0]["job"]
    data = bytes(range(256)) * 4000
    peer.send_log(job, data)
    answer = viewer.get(f"/jobs/{job}/log")
    assert answer.data == data
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    wanted = f'attachment; filename="{run.name}-{job}-1.log"'
    assert answer.headers["Content-Disposition"] == wanted
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_it_is_sent_by_a_real_server_too(app, viewer):
    """There the answer is sent when the request, and with it the application's context, is over;
    here the test's own context would stand in for it."""
    peer, _ = machine(app), submitted()
    job = peer.poll()["jobs"][0]["job"]
    peer.send_log(job, b"some words")
    with ThreadPoolExecutor(1) as elsewhere:
        assert (
            elsewhere.submit(lambda: viewer.get(f"/jobs/{job}/log").data).result() == b"some words"
        )


def test_a_job_that_printed_nothing_has_an_empty_file(app, viewer):
    peer = machine(app)
    submitted()
    job = peer.poll()["jobs"][0]["job"]
    assert viewer.get(f"/jobs/{job}/log").data == b""
    assert viewer.get(f"/jobs/{job}/log?attempt=7").data == b""


def test_an_unknown_job_is_404_in_words(viewer):
    answer = viewer.get("/jobs/000000000000/log")
    assert answer.status_code == 404 and "may have been pruned" in answer.text
    assert viewer.get("/jobs/..%2F..%2Fetc/log").status_code == 404


def test_a_stranger_goes_to_the_login(app, anonymous, people):
    assert anonymous.get("/jobs/000000000000/log").status_code == 303
