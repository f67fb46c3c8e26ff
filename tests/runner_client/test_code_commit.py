"""The step `code` of a commit: with a real git, from real servers."""

import re
import shutil
import threading

import pytest

from runner_client import ending
from runner_client.code import git_command
from tests.agent_process import gone, processes_with
from tests.git_scene.http_server import HttpGit
from tests.git_scene.repository import Repository, git
from tests.git_scene.ssh_server import Sshd, new_key
from tests.runner_client.code_bench import JOB, CodeBench
from tests.runner_client.peer import refusal
from tests.waiting import eventually

FILES = {"train.py": "print('one')\n", "data.bin": bytes(range(256)), "dir/deep/x": "x\n"}
SECRET = "open-sesame-42"


@pytest.fixture
def bench(peer, tmp_path):
    return CodeBench(peer, tmp_path / "agent")


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "root" / "thing", FILES)


@pytest.fixture
def local(repository):
    return f"file://{repository.url}"


def test_a_job_begins_in_a_checkout_of_its_commit(bench, repository, local):
    first = repository.hash()
    repository.commit({"train.py": "print('two')\n"})
    bench.of_commit(local, first)
    became, log = bench.run(
        "cat train.py dir/deep/x; git rev-parse HEAD; git branch --show-current"
    )
    assert became.outcome == "exited", became.reason
    assert log.splitlines()[0] == f"Fetching {local} at {first[:12]}"
    assert log.splitlines()[2:] == ["print('one')", "x", first, "main"]
    assert re.fullmatch(r"  The code is here, after \d+\.\d s", log.splitlines()[1])


def test_it_is_shallow_and_knows_where_it_came_from(bench, repository, local):
    repository.commit({"more": "x"})
    bench.of_commit(local, repository.hash())
    _, log = bench.run("git log --oneline | wc -l; git remote -v; git status --short")
    assert log.splitlines()[2:] == ["1", f"origin\t{local} (fetch)", f"origin\t{local} (push)"]


def test_local_changes_are_applied_binary_ones_and_windows_line_ends_too(bench, repository, local):
    repository.commit({"dos.txt": "one\r\ntwo\r\n"})
    commit = repository.hash()
    repository.write({"data.bin": b"\x00\xff" * 50, "dos.txt": "one\r\n2\r\n", "new/file": "new\n"})
    git(repository.folder, "add", "--intent-to-add", "--all")
    diff = repository.diff("--binary").encode()
    bench.of_commit(local, commit, diff)
    became, log = bench.run("od -An -c dos.txt; cat new/file; wc -c < data.bin; git status -s")
    assert became.exit_code == 0, became.reason
    assert "2  \\r  \\n" in log and "new\n100\n" in log and "Local changes are applied" in log
    assert " M data.bin" in log and " M dos.txt" in log and "?? new/" in log


def test_changes_that_do_not_apply_fail_the_job_in_gits_words(bench, repository, local):
    diff = b"--- a/train.py\n+++ b/train.py\n@@ -1 +1 @@\n-print('three')\n+print('four')\n"
    bench.of_commit(local, repository.hash(), diff)
    became, log = bench.run("echo never")
    assert became.outcome == "failed" and "never" not in log
    assert "do not apply to commit" in became.reason
    assert "patch failed: train.py:1" in became.reason


def test_a_binary_change_without_its_content_fails_the_job(bench, repository, local):
    commit = repository.hash()
    repository.write({"data.bin": b"\x00other"})
    bench.of_commit(local, commit, repository.diff().encode())
    became, _ = bench.run()
    assert "cannot apply binary patch to 'data.bin'" in became.reason


@pytest.mark.parametrize("path", ["../out", ".git/hooks/x", "link/out"])
def test_changes_that_leave_the_folder_are_refused_by_git(bench, repository, local, path, tmp_path):
    (repository.folder / "link").symlink_to(tmp_path)
    commit = repository.commit({})
    diff = f"--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+x\n".encode()
    bench.of_commit(local, commit, diff)
    became, _ = bench.run()
    assert became.outcome == "failed" and "git says" in became.reason
    assert not (tmp_path / "out").exists()


def test_a_commit_that_is_not_there_any_more_is_said(bench, repository, local):
    became, _ = bench.of_commit(local, "a" * 40).run()
    assert became.outcome == "failed"
    assert became.reason == f"There is no commit {'a' * 40} in the repository any more."


def test_a_password_opens_it_and_the_job_finds_it_nowhere(bench, repository, tmp_path):
    with HttpGit(tmp_path / "root", "me", SECRET) as server:
        url = server.url("thing/.git")
        bench.of_commit(url, repository.hash(), user_name="me", secret=SECRET)
        look = "env; cat .git/config; grep -rl sesame .. ; ls -a ..; cat /proc/$PPID/cmdline"
        became, log = bench.run(look)
    assert became.outcome == "exited", became.reason
    assert SECRET not in log and "sesame" not in log and "private" not in log
    assert "GIT_ASKPASS" not in log and "GIT_SSH" not in log
    assert (url in log) and server.seen[-1][1] == f"me:{SECRET}"


def test_a_wrong_password_fails_the_job_in_gits_words(bench, repository, tmp_path):
    with HttpGit(tmp_path / "root", "me", SECRET) as server:
        bench.of_commit(server.url("thing/.git"), repository.hash(), user_name="me", secret="no")
        became, _ = bench.run()
    assert "Authentication failed" in became.reason
    assert "private" not in [path.name for path in (bench.home / "jobs" / f"{JOB}-1").iterdir()]


def test_a_key_opens_it_and_a_new_host_is_told_to_the_server(bench, peer, repository, tmp_path):
    key = new_key(tmp_path / "key", "open sesame")
    with Sshd(tmp_path / "sshd", tmp_path / "key") as sshd:
        about = {"private_key": key, "passphrase": "open sesame"}
        bench.of_commit(sshd.url(repository.folder), repository.hash(), **about)
        became, log = bench.run("cat train.py; grep -r 'PRIVATE KEY' .. || echo none")
    assert became.exit_code == 0, became.reason
    assert log.endswith("print('one')\nnone\n") and "seen for the first time" in log
    (told,) = peer.made(f"jobs/{JOB}/hosts")
    assert f"[127.0.0.1]:{sshd.port} ssh-ed25519" in told["known_hosts"]


def test_submodules_come_along(bench, repository, local, tmp_path):
    part = Repository(tmp_path / "part", {"inside": "of the part\n"})
    git(repository.folder, "submodule", "--quiet", "add", part.url, "lib/part")
    bench.of_commit(local, repository.commit({}))
    became, log = bench.run("cat lib/part/inside")
    assert log.endswith("of the part\n"), became.reason


def test_a_submodule_on_the_disk_is_not_read_for_a_repository_elsewhere(
    bench, repository, tmp_path
):
    part = Repository(tmp_path / "part", {"inside": "of the runner's disk\n"})
    git(repository.folder, "submodule", "--quiet", "add", part.url, "lib/part")
    with HttpGit(tmp_path / "root") as server:
        became, _ = bench.of_commit(server.url("thing/.git"), repository.commit({})).run()
    assert became.outcome == "failed" and "not allowed" in became.reason


def test_a_submodule_on_another_server_is_not_told_the_password(bench, repository, tmp_path):
    part = Repository(tmp_path / "other" / "part")
    with (
        HttpGit(tmp_path / "root", "me", SECRET) as server,
        HttpGit(tmp_path / "other", "me", SECRET) as other,
    ):
        git(repository.folder, "submodule", "--quiet", "add", part.url, "part")
        modules = repository.folder / ".gitmodules"
        modules.write_text(modules.read_text().replace(part.url, other.url("part/.git")))
        about = {"user_name": "me", "secret": SECRET}
        bench.of_commit(server.url("thing/.git"), repository.commit({}), **about)
        became, _ = bench.run()
    assert became.outcome == "failed" and "no credentials for it are known" in became.reason
    assert other.seen and {who for _, who in other.seen} == {None}


def test_large_files_are_fetched_where_git_lfs_is(bench, repository, local):
    git(repository.folder, "lfs", "install", "--local")
    repository.commit({".gitattributes": "*.big filter=lfs diff=lfs merge=lfs -text\n"})
    commit = repository.commit({"one.big": b"large " * 1000})
    assert git(repository.folder, "cat-file", "-s", f"{commit}:one.big").strip() != "6000"
    became, log = bench.of_commit(local, commit).run("wc -c < one.big")
    assert log.endswith("6000\n"), became.reason


def test_a_machine_without_git_says_what_to_install(bench, repository, local, monkeypatch):
    bench.of_commit(local, repository.hash())
    monkeypatch.setenv("PATH", "/nonexistent")
    became, _ = bench.run()
    assert became.outcome == "failed" and "has no git: install git" in became.reason


@pytest.mark.parametrize(
    "told",
    [
        {"kind": "svn"},
        {"kind": "git", "url": "ext::sh", "hash": "a" * 40, "diff_size": 0},
        {"kind": "git", "url": "-x", "hash": "a" * 40, "diff_size": 0},
        {"kind": "git", "url": "file:///x", "hash": "--all", "diff_size": 0},
        {"kind": "git", "url": "file:///x", "hash": "a" * 40, "diff_size": -1},
        {"kind": "archive", "sha256": "x", "size": 1},
    ],
)
def test_what_the_agent_does_not_understand_is_said(bench, peer, told):
    peer.files[f"jobs/{JOB}/code"] = told
    became, _ = bench.run()
    assert became.outcome == "failed" and "does not understand" in became.reason


def test_a_refusal_of_the_server_is_the_reason(bench, peer):
    peer.faults[f"jobs/{JOB}/code"] = [refusal(404, "no_code", "The server does not know it.")]
    became, _ = bench.run()
    assert (became.outcome, became.reason) == ("failed", "The server does not know it.")


def test_an_order_to_stop_ends_git_at_once(bench, repository, local, tmp_path, monkeypatch):
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    real = shutil.which("git")
    slow.write_text(f'#!/bin/sh\ncase "$*" in *--depth=1*) sleep 4747.5;; esac\nexec {real} "$@"\n')
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}:/usr/bin:/bin")
    job = bench.of_commit(local, repository.hash()).job("echo never")
    found = []
    thread = threading.Thread(target=lambda: found.append(bench.execute(job)))
    thread.start()
    eventually(lambda: processes_with("4747.5"))
    job.control.ask(ending.stopped(0, 5))
    thread.join(10)
    assert found[0].outcome == "stopped"
    gone("4747.5")


def test_a_fetch_that_takes_long_is_heard_of_in_few_lines(bench, repository, local, monkeypatch):
    _, log = bench.of_commit(local, repository.hash()).run()
    assert len(log.splitlines()) == 2
    monkeypatch.setattr(git_command, "PROGRESS_SECONDS", 0)
    _, log = bench.of_commit(local, repository.commit({"a": "b"})).run(attempt=2)
    assert re.search(r"^  [A-Z]\w+ objects: +\d+% \(\d/\d\)", log, re.MULTILINE)
