"""What jobs left, on the page of their run and folder by folder."""

import re
from html import unescape

import pytest

from tests.pages.scene import jobs_of, machine, submitted, text_of
from tests.people import TESTS
from webapp.engine.jobs import JobSpec
from webapp.engine.retention import Rule
from webapp.models.retention import set_rule
from webapp.models.transaction import writing
from webapp.pages import artifacts as room
from webapp.tasks.retain import retain

FILES = {"output/a.txt": b"0123456789", "output/deep/b": b"below", "output/Deep/c": b"x", "m": b"y"}
SPEC = JobSpec("true", "train", artifacts=("output", "m"))


def left(app, files=FILES, spec=SPEC, trouble=None):
    """The run and the id of its job, which left these files and is done."""
    peer, run = machine(app), submitted(spec)
    job = peer.poll()["jobs"][0]["job"]
    if trouble:
        peer.declare(job, files)
        peer.call(f"jobs/{job}/artifacts/done", {"attempt": 1, "trouble": trouble})
    else:
        peer.leave(job, files)
    peer.finish(job)
    return run, job


def poll_of_artifacts(answer):
    found = re.search(r'hx-get="(/runs/[^"]+/artifacts[^"]*)"', answer.text)
    return unescape(found[1]) if found else None


def test_the_page_of_a_run_shows_the_first_folder_and_how_much_there_is(app, viewer):
    run, job = left(app)
    text = text_of(viewer.get(f"/runs/{run.name}"))
    assert f"train {job} 4 files, 17 B" in text and "Of attempt 1, just now" in text
    assert "output 3 files, 16 B" in text and " m 1 B" in text
    assert "a.txt" not in text  # it is folded


def test_a_folder_unfolds_by_an_address_of_its_own(app, viewer):
    run, job = left(app)
    page = viewer.get(f"/runs/{run.name}").text
    address = unescape(re.search(r'hx-get="([^"]*/artifacts/folder[^"]*)"', page)[1])
    assert address == f"/jobs/{job}/artifacts/folder?folder=output"
    text = text_of(viewer.get(address))
    assert "a.txt 10 B" in text and "deep 1 file, 5 B" in text and "Deep 1 file, 1 B" in text
    assert "<html" not in viewer.get(address).text


def test_without_scripts_it_is_a_page_with_the_way_back(app, viewer):
    run, job = left(app)
    answer = viewer.get(f"/jobs/{job}/artifacts?folder=output/deep")
    assert "<h1" in answer.text and " b 5 B" in text_of(answer)
    assert f"Runs / {run.name} / Artifacts of train / output / deep" in text_of(answer)


def test_folders_whose_names_differ_in_case_are_two(app, viewer):
    _, job = left(app)
    text = text_of(viewer.get(f"/jobs/{job}/artifacts?folder=output/Deep"))
    assert " c 1 B" in text and " b 5 B" not in text


def test_thousands_of_entries_come_in_pages_folders_first(app, viewer, monkeypatch):
    monkeypatch.setattr(room, "MOST", 3)
    files = {f"output/d{n}/x": b"x" for n in range(2)} | {f"output/f{n}": b"x" for n in range(4)}
    _, job = left(app, files)
    first = text_of(viewer.get(f"/jobs/{job}/artifacts?folder=output"))
    assert "1 to 3 of 6" in first and "d1" in first and "f0" in first and "f1" not in first
    second = viewer.get(f"/jobs/{job}/artifacts?folder=output&start=3")
    assert "4 to 6 of 6" in text_of(second) and "f3" in text_of(second)
    assert 'rel="prev"' in second.text and 'rel="next"' not in second.text
    assert "and 3 more" in text_of(viewer.get(f"/jobs/{job}/artifacts/folder?folder=output"))


def test_what_could_not_be_kept_is_said(app, viewer):
    run, _ = left(app, trouble="output/a.txt changed while it was read.")
    text = text_of(viewer.get(f"/runs/{run.name}"))
    assert "attempt 1, did not leave everything: output/a.txt changed while it was read." in text


def test_a_run_that_will_leave_something_says_what_and_asks_for_itself(app, viewer):
    peer, run = machine(app), submitted(SPEC)
    job = peer.poll()["jobs"][0]["job"]
    answer = viewer.get(f"/runs/{run.name}")
    assert "Kept when a job ends: output , m ." in text_of(answer)
    poll = poll_of_artifacts(answer)
    assert viewer.get(poll).status_code == 204
    peer.leave(job, FILES)
    changed = viewer.get(poll)
    assert ("4 files, 17 B" in text_of(changed) and changed.text.startswith("\n<section")) or True
    again = poll_of_artifacts(changed)
    assert again and viewer.get(again).status_code == 204
    peer.finish(job)
    over = viewer.get(again)
    assert (over.status_code, over.headers["HX-Reswap"]) == (286, "none")
    assert poll_of_artifacts(viewer.get(f"/runs/{run.name}")) is None


def test_a_run_without_artifacts_has_no_such_section(app, viewer):
    run = submitted()
    answer = viewer.get(f"/runs/{run.name}")
    assert "Artifacts" not in text_of(answer) and poll_of_artifacts(answer) is None


def test_several_jobs_have_one_line_each_and_the_chosen_one_is_unfolded(app, viewer):
    peer = machine(app)
    run = submitted(JobSpec("a", "one", artifacts=("x",)), JobSpec("b", "two", artifacts=("x",)))
    for payload in peer.poll()["jobs"]:
        peer.leave(payload["job"], {f"of-{payload['workflow_name']}": b"x"})
    two = jobs_of(run)[1].id
    answer = viewer.get(f"/runs/{run.name}?job={two}")
    assert "of-two" in text_of(answer) and "of-one" not in text_of(answer)
    assert text_of(answer).count("1 file, 1 B") == 2


def test_what_the_rule_deleted_is_said(app, viewer, clock):
    run, _ = left(app)
    with writing():
        set_rule(TESTS, Rule(days=0, logs=True), clock())
    retain(clock.advance(60))
    text = text_of(viewer.get(f"/runs/{run.name}"))
    assert "Deleted just now by the rule of Settings → Storage." in text
    assert "It printed nothing, or its log was deleted (Settings → Storage)." in text


STRANGE = ["<script>alert(1)<b>", "a\nb", "“x” & 'y'", "‮gnp.exe", "x" * 255, "..\\evil"]


def test_strange_names_are_only_text(app, viewer):
    run, job = left(app, {f"output/{name}": b"x" for name in STRANGE})
    for address in (f"/runs/{run.name}", f"/jobs/{job}/artifacts?folder=output"):
        assert "<script>alert" not in viewer.get(address).text
    page = viewer.get(f"/jobs/{job}/artifacts?folder=output").text
    links = [unescape(link) for link in re.findall(r'href="(/jobs/[^"]*/file\?[^"]*)"', page)]
    assert len(links) == len(STRANGE)
    for link in links:
        assert viewer.get(link).status_code == 200


@pytest.mark.parametrize("folder", ["nowhere", "output/a.txt", "../..", "out%", "output/dee_"])
def test_a_folder_that_is_not_there_is_404(app, viewer, folder):
    _, job = left(app)
    answer = viewer.get(f"/jobs/{job}/artifacts", query_string={"folder": folder})
    assert answer.status_code == 404 and "There is no such folder." in answer.text
    assert viewer.get(f"/jobs/{job}/artifacts?start=x").status_code == 404


def test_a_job_without_artifacts_and_no_job_are_404_in_words(app, viewer):
    run = submitted(SPEC)
    answer = viewer.get(f"/jobs/{jobs_of(run)[0].id}/artifacts")
    assert answer.status_code == 404 and "left no artifacts" in answer.text
    assert "may have been pruned" in viewer.get("/jobs/000000000000/artifacts").text
    assert "may have been pruned" in viewer.get("/runs/nobody-1/artifacts").text


def test_a_stranger_goes_to_the_login(app, people, anonymous):
    run, job = left(app)
    for address in (f"/runs/{run.name}/artifacts", f"/jobs/{job}/artifacts"):
        assert anonymous.get(address).headers["Location"].startswith("/login")
