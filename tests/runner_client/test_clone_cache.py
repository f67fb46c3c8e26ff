"""The clones that an agent keeps: used again, by several jobs at once, and thrown away."""

import os
import threading
import time

import pytest

from runner_client.code import clone_cache
from runner_client.code.clone_cache import CloneCache
from tests.git_scene.http_server import HttpGit
from tests.git_scene.repository import Repository
from tests.runner_client.code_bench import CodeBench


@pytest.fixture
def bench(peer, tmp_path):
    return CodeBench(peer, tmp_path / "agent")


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "root" / "thing")


@pytest.fixture
def server(repository, tmp_path):
    with HttpGit(tmp_path / "root") as server:
        yield server


def test_a_commit_is_fetched_once(bench, repository, server):
    bench.of_commit(server.url("thing/.git"), repository.hash())
    bench.run()
    asked = len(server.seen)
    _, log = bench.run("cat hello.txt", attempt=2)
    assert log.endswith("hello\n") and len(server.seen) == asked > 0
    assert len(bench.clones) == 1


def test_another_commit_is_added_to_it(bench, repository, server):
    url = server.url("thing/.git")
    bench.of_commit(url, repository.hash()).run()
    _, log = bench.of_commit(url, repository.commit({"b": "second\n"})).run("cat b")
    assert log.endswith("second\n") and len(bench.clones) == 1


def test_what_a_job_does_to_its_copy_does_not_reach_the_next(bench, repository, server):
    bench.of_commit(server.url("thing/.git"), repository.hash())
    bench.run("chmod -R u+w .git; for f in $(find .git/objects -type f); do echo > $f; done")
    became, log = bench.run("cat hello.txt; git fsck", attempt=2)
    assert became.exit_code == 0 and "hello" in log


def test_several_jobs_at_once_fetch_it_once_and_all_get_it(bench, repository, server):
    bench.of_commit(server.url("thing/.git"), repository.hash())
    found = []
    threads = [
        threading.Thread(target=lambda n=n: found.append(bench.run("cat hello.txt", attempt=n)))
        for n in range(1, 5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [became.exit_code for became, _ in found] == [0] * 4
    assert all(log.endswith("hello\n") for _, log in found)
    assert (
        len([path for path, _ in server.seen if path.endswith("info/refs?service=git-upload-pack")])
        == 1
    )


def test_what_a_killed_git_left_does_not_stop_the_next(bench, repository, server):
    bench.of_commit(server.url("thing/.git"), repository.hash()).run()
    (clone,) = bench.clones
    (clone / "shallow.lock").touch()
    (clone / "objects" / "pack" / "tmp_pack_x").touch()
    commit = repository.commit({"b": "c"})
    became, _ = bench.of_commit(server.url("thing/.git"), commit).run(attempt=2)
    assert became.exit_code == 0, became.reason
    assert not (clone / "objects" / "pack" / "tmp_pack_x").exists()


def test_a_damaged_clone_is_made_anew(bench, repository, server):
    bench.of_commit(server.url("thing/.git"), repository.hash()).run()
    (clone,) = bench.clones
    for path in clone.glob("objects/*/*"):
        path.chmod(0o600)
        path.write_bytes(path.read_bytes()[:20])
    became, log = bench.run("cat hello.txt", attempt=2)
    assert became.exit_code == 0 and log.endswith("hello\n"), became.reason


def test_a_server_that_hands_out_branches_only_is_asked_for_a_branch(bench, repository, local_v0):
    old = repository.hash()
    repository.commit({"hello.txt": "newer\n"})
    became, log = bench.of_commit(local_v0, old).run("cat hello.txt")
    assert became.exit_code == 0 and log.endswith("hello\n"), became.reason


@pytest.fixture
def local_v0(repository, monkeypatch):
    """git's first protocol, in which a server may refuse what is no branch's newest commit."""
    from git_access import settings

    text = settings._CONFIG.replace("version = 2", "version = 0")
    monkeypatch.setattr(settings, "_CONFIG", text)
    return f"file://{repository.url}"


def folder_of(root, url, size, used):
    path = CloneCache(root, url, lambda: None).path
    (path / "objects").mkdir(parents=True)
    (path / "objects" / "pack").write_bytes(b"x" * size)
    os.utime(path, (used, used))
    return path


def test_what_was_used_longest_ago_goes_first(tmp_path, monkeypatch):
    monkeypatch.setattr(clone_cache, "MOST_BYTES", 250)
    now = time.time()
    new, middle, old = (
        folder_of(tmp_path, url, 100, now - age) for url, age in (("a", 1), ("b", 2), ("c", 3))
    )
    CloneCache(tmp_path, "a", lambda: None).prune(now)
    assert (new.exists(), middle.exists(), old.exists()) == (True, True, False)


def test_what_nobody_used_for_a_month_goes(tmp_path):
    now = time.time()
    old = folder_of(tmp_path, "a", 1, now - clone_cache.MOST_SECONDS - 1)
    CloneCache(tmp_path, "b", lambda: None).prune(now)
    assert not old.exists()


def test_what_is_in_use_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(clone_cache, "MOST_BYTES", 0)
    path = folder_of(tmp_path, "a", 100, time.time())
    with CloneCache(tmp_path, "a", lambda: None).locked():
        CloneCache(tmp_path, "b", lambda: None).prune()
    assert path.exists()


def test_an_order_ends_the_wait_for_others(tmp_path):
    class Ordered(Exception):
        pass

    def check():
        raise Ordered

    one, other = CloneCache(tmp_path, "a", lambda: None), CloneCache(tmp_path, "a", check)
    with one.locked(), pytest.raises(Ordered), other.locked():
        raise AssertionError("two at once")
