"""Which files count as what a job left."""

import os
import socket

import pytest

from runner_client.artifacts.walking import Walk


@pytest.fixture
def work(tmp_path):
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


def walk(work, *names):
    walk = Walk(work)
    for name in names:
        walk.add(name)
    return walk


def file(path, text="x"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_a_folder_is_all_that_is_below_it_and_a_file_is_itself(work):
    file(work / "output/deep/er/a.txt")
    file(work / "output/b.txt", "four")
    file(work / "model.bin").chmod(0o4751)
    file(work / "other.txt")
    found = walk(work, "./output//", "model.bin").entries
    assert sorted(found) == ["model.bin", "output/b.txt", "output/deep/er/a.txt"]
    assert (found["output/b.txt"].size, found["model.bin"].mode) == (4, 0o751)


def test_the_whole_folder_has_no_prefix(work):
    file(work / "a")
    file(work / "b/c")
    assert sorted(walk(work, ".").entries) == ["a", "b/c"]


def test_folders_named_twice_or_inside_of_each_other_count_once(work):
    file(work / "output/deep/a")
    assert sorted(walk(work, "output", "output/deep", "output").entries) == ["output/deep/a"]


def test_what_is_not_there_is_said(work):
    found = walk(work, "output")
    assert (found.missing, found.trouble) == (["there is no output"], [])


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc"])
def test_a_name_that_leads_out_is_trouble(work, name):
    file(work.parent / "x")
    found = walk(work, name)
    assert found.entries == {} and found.trouble == [f"{name} leads out of the job's folder"]


def test_a_folder_that_is_a_link_out_is_trouble(work):
    file(work.parent / "secret/key")
    (work / "output").symlink_to(work.parent / "secret")
    found = walk(work, "output")
    assert found.entries == {} and found.trouble == ["output leads out of the job's folder"]


def test_a_folder_that_is_a_link_inside_is_what_it_links_to(work):
    file(work / "results/a")
    (work / "output").symlink_to("results")
    assert sorted(walk(work, "output").entries) == ["output/a"]


def test_a_link_to_a_file_inside_is_its_content(work):
    file(work / "checkpoints/9", "weights")
    (work / "output").mkdir()
    (work / "output/last").symlink_to("../checkpoints/9")
    entry = walk(work, "output").entries["output/last"]
    assert (entry.size, entry.file) == (7, str(work / "checkpoints/9"))


def test_links_that_lead_out_to_folders_or_nowhere_are_passed_over_and_said(work):
    file(work.parent / "secret")
    out = work / "output"
    file(out / "sub/a")
    (out / "1").symlink_to(work.parent / "secret")
    (out / "2").symlink_to("/etc/passwd")
    (out / "3").symlink_to("sub")
    (out / "4").symlink_to("nowhere")
    (out / "5").symlink_to("5")
    (out / "sub/up").symlink_to("..")
    found = walk(work, "output")
    assert sorted(found.entries) == ["output/sub/a"] and found.trouble == []
    assert found.said == [
        "output/1 is a link that leads out of the job's folder",
        "output/2 is a link that leads out of the job's folder",
        "output/3 is a link to a folder",
        "output/4 is a link to nothing",
        "output/5 is a link to nothing",
        "output/sub/up is a link to a folder",
    ]


def test_a_folder_beside_the_jobs_with_a_like_name_is_outside(work):
    file(work.parent / "work-of-another/a")
    (work / "output").symlink_to(work.parent / "work-of-another")
    assert walk(work, "output").entries == {}


def test_what_is_no_file_is_passed_over(work, monkeypatch):
    (work / "output").mkdir()
    os.mkfifo(work / "output/pipe")
    monkeypatch.chdir(work)  # the address of a socket is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("output/socket")
        found = walk(work, "output")
    assert found.entries == {}
    assert found.said == ["output/pipe is no file", "output/socket is no file"]


def test_names_that_cannot_be_kept_are_trouble(work):
    (work / "output").mkdir()
    os.close(os.open(bytes(work / "output") + b"/caf\xe9", os.O_CREAT | os.O_WRONLY))
    file(work / "output" / "/".join(["d" * 200] * 4) / "a")
    found = walk(work, "output")
    assert found.entries == {} and len(found.trouble) == 2
    assert all("has a name that cannot be kept" in sentence for sentence in found.trouble)


def test_strange_names_are_names(work):
    for name in ("new\nline", "a\\b", "📈", "-rf", "x" * 255):
        file(work / "output" / name)
    assert len(walk(work, "output").entries) == 5
