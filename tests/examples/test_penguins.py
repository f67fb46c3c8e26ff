"""The sample project does what it says, as its workflow file says it."""

import csv
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import pytest

from webapp.workflow_files import read_workflows

PROJECT = Path(__file__).resolve().parents[2] / "examples" / "penguins"
NAMES = ("workflows", "variables")


@pytest.fixture
def jobs():
    """What `train` becomes, with few epochs."""
    texts = [(PROJECT / ".dstack" / f"{name}.yaml").read_text() for name in NAMES]
    return read_workflows(*texts).pick("train").jobs(variables={"epochs": "60"})


def test_its_two_steps_leave_a_picture(jobs, tmp_path):
    prepare, train = jobs
    assert (prepare.artifacts, train.artifacts) == (("prepared",), ("output",))
    assert train.depends_on == (0,) and not train.ask.container
    folder = shutil.copytree(PROJECT, tmp_path / "work")
    printed = [_run(job.commands, folder) for job in jobs]
    assert "344 penguins, 2 of them not measured" in printed[0]
    assert "epoch   60: loss" in printed[1] and "told rightly" in printed[1]
    _is_picture((folder / "output" / "penguins.png").read_bytes())
    with (folder / "output" / "loss.csv").open(newline="") as file:
        losses = [float(row["loss"]) for row in csv.DictReader(file)]
    assert len(losses) == 60 and losses[-1] < 0.3 < losses[0]


def test_the_data_say_where_they_come_from_and_why_they_are_free():
    about = (PROJECT / "data" / "README.md").read_text()
    assert "10.1371/journal.pone.0090081" in about and "CC0" in about
    with (PROJECT / "data" / "penguins.csv").open(newline="") as file:
        assert len(list(csv.DictReader(file))) == 344


def _run(commands, folder):
    words = ["/bin/sh", "-c", commands]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _is_picture(content):
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", content[16:24]) == (1440, 1000)
    size = struct.unpack(">I", content[33:37])[0]
    assert content[37:41] == b"IDAT"
    rows = zlib.decompress(content[41 : 41 + size])
    assert len(rows) == 1000 * (1 + 3 * 1440)
    for colour in ((194, 65, 12), (124, 58, 237), (15, 118, 110)):
        assert rows.count(bytes(colour)) > 500, "each species is drawn"
