import pytest

from tests.pages.scene import machine, poll_of, submitted, text_of


def test_it_shows_the_four_lines_when_there_is_no_runner(member, people):
    page = text_of(member.get("/runners"))
    assert "curl -fsSL http://localhost/runner -o get-dstack-runner.sh" in page
    assert "sudo sh get-dstack-runner.sh" in page
    assert "dstack-runner config --token " in page and "dstack-runner start" in page


def test_it_lists_a_runner_with_all_its_columns(app, viewer):
    machine(app, gpus=[{"name": "V100", "memory_mib": 16384}])
    page = text_of(viewer.get("/runners"))
    for word in (
        "box-1",
        "CPU 4, Memory 16000MiB, GPU V100",
        "gpu-box.example.org",
        "LIVE",
        "idle",
    ):
        assert word in page
    for heading in ("Region", "Resources", "Hostname", "Status", "Purchase type", "Last seen"):
        assert heading in page


def test_it_names_the_run_that_a_runner_works_on(app, viewer):
    run, _peer = submitted_and_taken(app)
    assert run.name in text_of(viewer.get("/runners"))


def submitted_and_taken(app):
    peer = machine(app)
    run = submitted()
    peer.poll()
    return run, peer


def test_a_poll_is_empty_when_nothing_changed(app, viewer):
    machine(app)
    assert viewer.get(poll_of(viewer.get("/runners"))).status_code == 204


def test_a_poll_brings_only_the_row_that_changed(app, viewer):
    first, second = machine(app, 1), machine(app, 2)
    poll = poll_of(viewer.get("/runners"))
    submitted()
    first.poll()
    answer = viewer.get(poll)
    assert f"runner-{first.runner_id}" in answer.text
    assert f"runner-{second.runner_id}" not in answer.text
    assert viewer.get(poll_of(answer)).status_code == 204


def test_a_poll_brings_the_whole_list_when_a_runner_came(app, viewer):
    poll = poll_of(viewer.get("/runners"))
    machine(app)
    answer = viewer.get(poll)
    assert 'id="listing"' in answer.text and "box-1" in answer.text


def test_a_poll_brings_everything_once_a_minute(app, viewer, clock):
    machine(app)
    poll = poll_of(viewer.get("/runners"))
    clock.advance(60)
    assert 'id="listing"' in viewer.get(poll).text


@pytest.mark.parametrize("version", ["", "x", "1.2", "1.2.3.4", "-1.0.0", "9" * 30 + ".1.1"])
def test_a_strange_version_brings_the_whole_list(app, viewer, version):
    answer = viewer.get(f"/runners/changes?v={version}")
    assert answer.status_code == 200 and 'id="listing"' in answer.text


def test_it_sorts_and_says_so(app, viewer):
    machine(app, 1, cpu_milli=8000)
    machine(app, 2, cpu_milli=2000)
    page = viewer.get("/runners?sort=resources").text
    assert page.index("box-2") < page.index("box-1")
    assert 'aria-sort="ascending"' in page
    page = viewer.get("/runners?sort=resources&down=1").text
    assert page.index("box-1") < page.index("box-2")


def test_every_column_can_be_sorted_by(app, viewer):
    machine(app)
    for column in ("name", "region", "hostname", "status", "purchase", "jobs", "seen", "nonsense"):
        assert viewer.get(f"/runners?sort={column}").status_code == 200


def test_it_filters_by_words(app, viewer):
    machine(app, 1, hostname="alpha")
    machine(app, 2, hostname="beta")
    page = text_of(viewer.get("/runners?q=BETA"))
    assert "box-2" in page and "box-1" not in page
    assert "No runner matches" in text_of(viewer.get("/runners?q=nobody"))


def test_it_escapes_what_a_machine_says_of_itself(app, viewer):
    machine(app, hostname="<script>alert(1)</script>")
    assert "<script>alert(1)" not in viewer.get("/runners").text


def test_it_marks_a_runner_of_another_version(app, viewer):
    peer = machine(app)
    peer.hello = lambda: {**type(peer).hello(peer), "agent_version": "0.0.1"}
    peer.previous, peer.session = peer.session, "6f1c1b0e-33a1-4d55-9a5d-0d1f9f6f0c11"
    peer.start()
    assert "outdated" in text_of(viewer.get("/runners"))


def test_a_stranger_is_sent_to_the_login(anonymous, people):
    assert anonymous.get("/runners").headers["Location"] == "/login?next=/runners"
    answer = anonymous.get("/runners/changes", headers={"HX-Request": "true"})
    assert answer.status_code == 401 and "HX-Redirect" in answer.headers
