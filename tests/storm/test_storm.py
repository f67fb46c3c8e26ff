"""A short storm with a fixed seed; `make storm` blows for longer."""

from tests.storm.storm import storm

STRIKES = 8


def test_after_a_storm_every_promise_was_kept(template, tmp_path):
    report = storm(tmp_path, template, seed=3, strikes=STRIKES)
    assert report.faults == []
    assert report.accepted >= STRIKES - report.refused
    assert report.jobs.get("done", 0) + report.jobs.get("submitted", 0) >= report.accepted > 0
