"""The step `code` of an archive."""

import tarfile

import pytest

from tests.archives.packing import entry, tar, zipped
from tests.runner_client.code_bench import JOB, CodeBench

FILES = {"a.txt": "hello\n", "src/deep/b.bin": bytes(range(256)) * 20, "./c": "c\n"}
KINDS = ["tar.gz", "tar", "zip"]
LOOK = "cat a.txt c; wc -c < src/deep/b.bin; ls .."


@pytest.fixture
def bench(peer, tmp_path):
    return CodeBench(peer, tmp_path / "agent")


@pytest.mark.parametrize("content", [tar(FILES), tar(FILES, mode="w"), zipped(FILES)], ids=KINDS)
def test_a_job_begins_in_its_files(bench, content):
    became, log = bench.of_archive(content).run(LOOK)
    assert became.exit_code == 0, became.reason
    assert "hello\nc\n5120\n" in log and log.splitlines()[0].startswith("The archive is unpacked")
    assert "archive" not in log.splitlines()[1:]


def test_what_may_run_may_run_and_links_lead_where_they_led(bench):
    runs = entry("run.sh", tarfile.REGTYPE)
    content = tar({"a": "x\n"}, entry("b", tarfile.SYMTYPE, "a"), entry("c", tarfile.LNKTYPE, "a"))
    became, log = bench.of_archive(content).run("cat b c; readlink b; test -L c || echo plain")
    assert log.endswith("x\nx\na\nplain\n"), became.reason
    runs.mode = 0o755
    became, log = bench.of_archive(tar({}, runs)).run("test -x run.sh && echo yes")
    assert log.endswith("yes\n")
    became, log = bench.of_archive(zipped({"a": "x\n"}, {"b": "a"})).run("cat b; readlink b")
    assert log.endswith("x\na\n")


def test_an_archive_that_is_another_one_is_refused(bench):
    became, log = bench.of_archive(tar(FILES), sha256="0" * 64).run("echo never")
    assert became.outcome == "failed" and "not the one that was submitted" in became.reason
    assert "never" not in log


def test_an_archive_that_ends_too_early_is_refused(bench):
    content = tar(FILES)
    bench.of_archive(content, size=len(content) + 1)
    assert "sent another archive than it said" in bench.run()[0].reason


@pytest.mark.parametrize(
    "content",
    [
        tar({"../out": "x"}),
        tar({"/tmp/code-out": "x"}),
        zipped({"a/../../out": "x"}),
        tar({}, entry("dev", tarfile.CHRTYPE)),
        tar({"a": "x", "./a": "y"}),
        b"hello",
        tar(FILES)[:200],
    ],
    ids=["..", "absolute", "zip ..", "device", "twice", "no archive", "cut"],
)
def test_what_the_server_should_have_refused_is_refused_here_too(bench, content, tmp_path):
    became, _ = bench.of_archive(content).run()
    assert became.outcome == "failed", became
    assert not (bench.home / "jobs" / f"{JOB}-1" / "out").exists()
    assert not (bench.home / "jobs" / "out").exists()


def test_nothing_is_written_through_a_link(bench, tmp_path):
    link = entry("a", tarfile.SYMTYPE, str(tmp_path / "victim"))
    (tmp_path / "victim").mkdir()
    content = tar({}, link, entry("a/b", tarfile.DIRTYPE))
    bench.of_archive(content).run()
    assert list((tmp_path / "victim").iterdir()) == []
