import subprocess
import sys

import pytest

from webapp.life_sign import LifeSign, has_died, sweep

LIVES = """
import sys
from pathlib import Path
from webapp.life_sign import LifeSign
print(LifeSign(Path(sys.argv[1])).name, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path):
    """Another process that lives until it is killed; answers it and its name."""
    command = [sys.executable, "-c", LIVES, str(tmp_path)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield process, process.stdout.readline().strip()
    process.kill()
    process.communicate(timeout=10)


def test_what_lives_has_not_died_and_what_was_killed_has(tmp_path, other):
    process, name = other
    assert not has_died(tmp_path, name)
    process.kill()
    process.wait(10)
    assert has_died(tmp_path, name)


def test_what_a_dead_process_left_is_swept_away(tmp_path, other):
    process, name = other
    mine = LifeSign(tmp_path)
    sweep(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {mine.name, name}
    process.kill()
    process.wait(10)
    sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [mine.name]
    assert not has_died(tmp_path, name), "nothing is known of it any more"
    mine.close()
    assert list(tmp_path.iterdir()) == []


def test_of_another_computer_nothing_is_known(tmp_path):
    name = "9d6a2b1e-0000-4000-8000-000000000000.another-boot"
    (tmp_path / name).touch()
    assert not has_died(tmp_path, name)
    sweep(tmp_path)
    assert (tmp_path / name).exists()


@pytest.mark.parametrize("name", ["", ".", "..", "/etc/passwd", "a uuid of an earlier version"])
def test_of_a_name_that_is_none_of_ours_nothing_is_known(tmp_path, name):
    assert not has_died(tmp_path, name)
