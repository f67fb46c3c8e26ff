"""What a job begins with is in its folder before its first command."""

import hashlib

import pytest

from runner_client.inputs.placing import place_for
from runner_client.inputs.step import put_inputs
from runner_client.line import Line
from runner_client.preparation import CannotRun, Preparation
from tests.runner_client.artifact_peer import refused
from tests.runner_client.test_execution import Bench


class InputPeer:
    """Answers what a server would about these (origin, path, content, mode)."""

    def __init__(self, *files):
        self.files = [(*file, 0o644)[:4] for file in files]
        self.piece = 4
        self.damaged, self.bundle, self.fetched = 0, None, []
        self.channel = self

    def open_caller(self):
        return self

    def close(self):
        """A connection's end; there is none."""

    def call(self, path, body, timeout):
        start = body()["from"]
        some = [
            {
                "job": "ab" * 6,
                "workflow_name": origin,
                "path": path,
                "size": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "mode": mode,
                "url": None,
            }
            for origin, path, content, mode in self.files[start : start + 2]
        ]
        following = start + 2 if start + 2 < len(self.files) else None
        return {"files": some, "next": following, "bundle": self.bundle}

    def fetch(self, path, body, timeout):
        asked, sha = body(), path.rpartition("/")[2]
        self.fetched.append(sha)
        contents = {hashlib.sha256(file[2]).hexdigest(): file[2] for file in self.files}
        if sha == "bundle":
            whole = b"".join(contents[each] for each in asked["files"])
            return b"?" + whole[1:] if self.damaged else whole
        size = min(asked["size"], self.piece)
        piece = contents[sha][asked["offset"] : asked["offset"] + size]
        if self.damaged:
            self.damaged -= 1
            return b"?" * len(piece)
        return piece


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path / "jobs")


def run(bench, peer, commands):
    """The outcome and the log of a job."""
    bench.place = bench.place._replace(open_caller=peer.open_caller)
    became, printed = bench.run(commands, needs=["inputs"])
    return became, printed.decode()


def test_files_are_there_with_their_modes(bench):
    tool = b"#!/bin/sh\necho from the tool\n"
    peer = InputPeer(("prepare", "data/x", b"0123456789"), ("prepare", "bin/tool", tool, 0o755))
    became, printed = run(bench, peer, "cat data/x; echo; bin/tool; ls -A")
    assert became.exit_code == 0
    assert printed == "Inputs: 2 files in place.\n0123456789\nfrom the tool\nbin\ndata\n"


def test_a_list_in_parts_is_read_to_its_end(bench):
    peer = InputPeer(*[("prepare", f"data/{n}", b"%d" % n) for n in range(5)])
    assert run(bench, peer, "cat data/*")[1].endswith("\n01234")


def test_empty_files_and_strange_names(bench):
    peer = InputPeer(("p", "new\nline", b""), ("p", "a\\b", b"x"), ("p", "📈", b"y"))
    _, printed = run(bench, peer, "ls | wc -l; cat 'a\\b' 📈")
    assert printed.endswith("4\nxy")


def test_of_two_with_one_path_the_later_one_counts_and_that_is_said(bench):
    peer = InputPeer(("one", "data/x", b"first"), ("two", "data/x", b"second"))
    _, printed = run(bench, peer, "cat data/x")
    assert "Inputs: data/x is the one of two, not of one.\n" in printed
    assert printed.endswith("second")


def test_the_same_content_at_two_paths_is_two_files(bench):
    peer = InputPeer(("p", "a", b"same"), ("p", "b", b"same", 0o755))
    _, printed = run(bench, peer, "echo more >> a; cat b; test -x b && echo; stat -c %h a")
    assert printed.endswith("same\n1\n")


def test_small_ones_come_together_and_large_ones_by_themselves(bench):
    large = bytes(70_000)
    peer = InputPeer(
        ("p", "a", b"alpha", 0o755), ("p", "b", b""), ("p", "c", large), ("p", "d", b"alpha")
    )
    peer.bundle, peer.piece = 8 * 2**20, 2**20
    _, printed = run(bench, peer, "cat a d; test -e b && test -x a && ! test -x d && wc -c < c")
    assert printed == "Inputs: 4 files in place.\nalphaalpha70000\n"
    assert peer.fetched == ["bundle", hashlib.sha256(large).hexdigest()]


def test_what_of_a_bundle_arrives_damaged_comes_by_itself(bench):
    peer = InputPeer(("p", "a", b"alpha"), ("p", "b", b"beta"))
    peer.bundle, peer.damaged = 2**20, 1
    assert run(bench, peer, "cat a b")[1].endswith("alphabeta")
    assert len(peer.fetched) > 1


def test_many_small_ones_come_in_several_bundles(bench, monkeypatch):
    monkeypatch.setattr("runner_client.inputs.bundles.MOST", 3)
    peer = InputPeer(*[("p", f"data/{n}", b"%d" % n) for n in range(8)])
    peer.bundle = 2**20
    assert run(bench, peer, "cat data/*")[1].endswith("\n01234567")
    assert peer.fetched == ["bundle"] * 3


def test_what_arrives_damaged_is_read_again(bench):
    peer = InputPeer(("p", "x", b"0123456789"))
    peer.damaged = 2
    assert run(bench, peer, "cat x")[1].endswith("0123456789")


def test_what_always_arrives_damaged_fails_the_job(bench):
    peer = InputPeer(("p", "x", b"0123456789"))
    peer.damaged = 10**6
    became, _ = run(bench, peer, "echo never")
    assert became.outcome == "failed"
    assert became.reason == "The input x does not arrive as it was kept."


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a//b", "", ".", "a/../../x", "a\0b"])
def test_a_path_that_leads_out_fails_the_job(bench, path):
    became, _ = run(bench, InputPeer(("p", path, b"x")), "echo never")
    assert became.outcome == "failed" and "would not lie in the job's folder" in became.reason


def test_the_servers_words_end_the_job(bench):
    peer = InputPeer(("p", "x", b"x"))

    def gone(*_):
        raise refused("cannot_read", "A file that the job needs is not kept any more.")

    peer.fetch = gone
    became, _ = run(bench, peer, "echo never")
    assert (became.outcome, became.reason) == (
        "failed",
        "A file that the job needs is not kept any more.",
    )


def test_a_link_of_the_code_is_not_followed_out_of_the_folder(tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "work/data").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CannotRun, match="data is no folder but a link or a file"):
        place_for(str(tmp_path / "work"), "data/x")
    (tmp_path / "work/file").write_text("")
    with pytest.raises(CannotRun, match="file is no folder but a link or a file"):
        place_for(str(tmp_path / "work"), "file/x")
    (tmp_path / "work/folder").mkdir()
    with pytest.raises(CannotRun, match="a folder has that name"):
        place_for(str(tmp_path / "work"), "folder")


def test_a_file_that_is_there_already_is_replaced_and_that_is_said(tmp_path):
    """The code of the job was there before."""
    peer = InputPeer(("p", "x", b"input"))
    bench = Bench(tmp_path / "jobs")
    job = bench.job("cat x", needs=["inputs"])
    job.folder.make()
    (job.folder.work / "x").write_text("of the code")
    place = bench.place._replace(open_caller=peer.open_caller)
    line = Line(place.open_caller, job.control)
    put_inputs(Preparation(job, place, line, lambda: None))
    said = job.spool.read(0, 1000).decode()
    assert said == "Inputs: x is the one of p, not of the code.\nInputs: 1 file in place.\n"
    assert (job.folder.work / "x").read_text() == "input"
