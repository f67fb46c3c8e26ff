"""What the log says of artifacts."""

import pytest

from runner_client.artifacts.telling import SECONDS, Telling


class Log:
    """Its lines, and a clock that the test moves."""

    def __init__(self, files=3, size=2_500_000):
        self.now, self.lines = 0.0, []
        self.telling = Telling(self.lines.append, files, size, lambda: self.now)


def test_it_says_how_far_it_is_now_and_then_and_not_for_every_piece():
    log = Log()
    log.telling.begin()
    for _ in range(100):
        log.now += SECONDS / 40
        log.telling.has_sent(10_000)
    log.telling.has_read(2)
    log.now += SECONDS
    log.telling.has_sent(1)
    assert log.lines == [
        "Artifacts: 3 files to keep, 2.5 MB.",
        "Artifacts: 400.0 kB sent; 0 of 3 files are through.",
        "Artifacts: 800.0 kB sent; 0 of 3 files are through.",
        "Artifacts: 1.0 MB sent; 2 of 3 files are through.",
    ]


def test_in_the_end_it_says_what_the_server_has():
    log = Log()
    log.telling.has_sent(500)
    log.telling.end({"files": 1, "size": 12_000_000_000})
    log.telling.end({})
    assert log.lines == ["Artifacts: 1 file kept, 12.0 GB; 500 B were sent."]


@pytest.mark.parametrize(("many", "lines"), [(0, 0), (10, 10), (10_000, 11)])
def test_a_long_list_is_cut(many, lines):
    log = Log()
    log.telling.list([f"{number} is no file" for number in range(many)])
    assert len(log.lines) == lines
    if many > 10:
        assert log.lines[-1] == "Artifacts: and 9990 more like that."
