import io
import os

import pytest

from tests.people import TESTS
from webapp.archives import archive_store
from webapp.clock import now
from webapp.engine.jobs import Code, JobSpec
from webapp.models.run import run_named
from webapp.models.run_moves import prune_runs, stop_run
from webapp.models.submission import submit_run
from webapp.models.transaction import writing
from webapp.tasks.prune_archives import GRACE_MS, prune_archives


@pytest.fixture
def kept(clock):
    """An archive that was received when the clock began."""

    def call(content):
        with archive_store().receiving(io.BytesIO(content), 1000) as received:
            received.keep()
        path = archive_store().root / received.sha[:2] / received.sha
        os.utime(path, (clock() / 1000, clock() / 1000))
        return received.sha

    return call


def test_only_what_no_run_needs_is_removed_and_not_at_once(kept, people, clock):
    needed, unused = kept(b"needed"), kept(b"unused")
    with writing():
        code = Code(archive=needed)
        name = submit_run(TESTS, people["member"].id, [JobSpec("true")], now(), code=code)
    assert prune_archives(clock()) == 0
    clock.advance(GRACE_MS / 1000 + 1)
    assert prune_archives(clock()) == 1
    assert archive_store().size(needed) and archive_store().size(unused) is None
    with writing():
        stop_run(TESTS, run_named(name), now())
    with writing():
        prune_runs(TESTS, now())
    assert prune_archives(clock()) == 1
    assert archive_store().size(needed) is None


def test_nothing_is_there_at_first(app, clock):
    assert prune_archives(clock()) == 0
