import threading

import pytest

from tests.pages.scene import machine, submitted, tail_of, text_of
from webapp.engine.jobs import JobSpec
from webapp.storage import log_store


@pytest.fixture
def scene(app, viewer):
    peer, run = machine(app), submitted(JobSpec("a", retries=1))
    job = peer.poll()["jobs"][0]["job"]
    return peer, run, job


def page(viewer, run):
    return viewer.get(f"/runs/{run.name}")


def test_it_brings_what_was_printed_since(viewer, scene):
    peer, run, job = scene
    peer.send_log(job, b"one\n")
    first = page(viewer, run)
    assert "one" in first.text
    peer.send_log(job, b"two\nthr", offset=4)
    second = viewer.get(tail_of(first))
    assert ">two<" in second.text and ">one<" not in second.text and ">thr<" in second.text
    peer.send_log(job, b"ee\n", offset=11)
    assert ">three<" in viewer.get(tail_of(second)).text


def test_it_waits_for_a_line_and_answers_as_soon_as_it_is_there(app, viewer, scene):
    _peer, run, job = scene
    tail = tail_of(page(viewer, run))
    sender = threading.Timer(0.2, append, (app, job, b"late\n"))
    sender.start()
    assert ">late<" in viewer.get(tail).text
    sender.join()


def append(app, job, data):
    with app.app_context():
        log_store().append(job, 1, 0, data, 10**6)


def test_it_ends_without_asking_again_when_the_attempt_is_over(viewer, scene):
    peer, run, job = scene
    tail = tail_of(page(viewer, run))
    peer.send_log(job, b"no newline at the end")
    peer.finish(job)
    answer = viewer.get(tail)
    assert "no newline at the end" in answer.text and "The log ends here." in answer.text
    assert "hx-get" not in answer.text


def test_the_end_of_an_attempt_leads_to_the_one_that_follows(viewer, scene):
    peer, run, job = scene
    peer.send_log(job, b"first\n")
    tail = tail_of(page(viewer, run))
    peer.finish(job, exit_code=1)
    answer = viewer.get(tail)
    assert "hx-get" not in answer.text
    assert f'<a href="?job={job}">show the current attempt</a>' in answer.text


def test_a_colour_goes_on_in_the_next_piece(viewer, scene):
    peer, run, job = scene
    peer.send_log(job, b"\x1b[1;31mred\n")
    first = page(viewer, run)
    assert '<span class="bold f1">red</span>' in first.text
    peer.send_log(job, b"still red\n", offset=11)
    assert '<span class="bold f1">still red</span>' in viewer.get(tail_of(first)).text


def test_characters_cut_in_two_are_whole_in_the_end(viewer, scene):
    peer, run, job = scene
    text = "zażółć\n".encode()
    peer.send_log(job, text[:3])
    first = page(viewer, run)
    peer.send_log(job, text[3:], offset=3)
    assert ">zażółć<" in viewer.get(tail_of(first)).text


def test_what_a_job_prints_is_never_markup(viewer, scene):
    peer, run, job = scene
    peer.send_log(job, b"<script>alert(1)</script>\n")
    assert "<script>alert(1)" not in page(viewer, run).text


def test_a_reader_far_behind_is_taken_to_the_end(viewer, scene):
    peer, run, job = scene
    tail = tail_of(page(viewer, run))
    line = b"x" * 99 + b"\n"
    for number in range(20):
        peer.send_log(job, line * 1000, offset=number * 100_000)
    answer = viewer.get(tail)
    assert "printed faster than they can be shown" in answer.text
    assert len(answer.text) < 1_500_000 and 'id="b1999900"' in answer.text


def test_a_huge_log_shows_its_end_and_the_way_back(viewer, scene):
    peer, run, job = scene
    for number in range(10):
        peer.send_log(job, b"y" * 99_999 + b"\n", offset=number * 100_000)
    first = page(viewer, run)
    assert "Earlier" in text_of(first) and len(first.text) < 1_000_000
    earlier = viewer.get(f"/runs/{run.name}?job={job}&attempt=1&from=0").text
    assert 'id="b0"' in earlier and "Later" in earlier


def test_a_line_can_be_linked_to_however_old(viewer, scene):
    peer, run, job = scene
    for number in range(10):
        peer.send_log(job, b"z" * 99 + b"\n" + b"w" * 99_899 + b"\n", offset=number * 100_000)
    linked = viewer.get(f"/runs/{run.name}?job={job}&attempt=1&line=300000").text
    assert 'id="b300000"' in linked and "line=300000#b300000" in linked


@pytest.mark.parametrize("query", ["offset=-1", "attempt=x", "seen=" + "9" * 30])
def test_a_strange_address_is_404(viewer, scene, query):
    assert viewer.get(f"/jobs/{scene[2]}/tail?{query}").status_code == 404


def test_an_unknown_job_is_404(viewer):
    assert viewer.get("/jobs/000000000000/tail").status_code == 404


def test_a_stranger_gets_nothing(anonymous, scene):
    assert anonymous.get(f"/jobs/{scene[2]}/tail").status_code == 303
