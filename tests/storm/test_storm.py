"""A short storm with a fixed seed; `make storm` blows for longer."""

from tests.storm.storm import storm

SECONDS = 12


def test_after_a_storm_every_promise_was_kept(template, tmp_path):
    report = storm(tmp_path, template, seed=3, seconds=SECONDS)
    assert report.faults == []
    assert report.accepted > 3 and report.attempts >= report.accepted
    assert sum(report.happened.values()) > 3
