"""What `make check` says of versions and of scripts that others made."""

import shutil

import pytest

from scripts.check_pins import VENDOR, main, wrong_digests, wrong_pins


def test_everything_here_is_pinned(capsys):
    assert main() == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    ("constraints", "says"),
    [
        ("a-b==1.0\n", []),
        ("A_B==1.0\n", []),
        ("", ["a-b 1.0 is installed and not pinned in constraints.txt."]),
        ("a-b==1.1", ["a-b 1.0 is installed and pinned to 1.1 in constraints.txt."]),
        ("a-b==1.0\nonly-elsewhere==2", []),
    ],
)
def test_what_is_not_pinned_exactly_is_named(constraints, says):
    installed = {"a.b": "1.0", "pip": "23.2.1", "dstack-runners": "0.1.0"}
    assert list(wrong_pins(constraints, installed)) == says


@pytest.mark.parametrize("line", ["a-b>=1.0", "a-b", "a-b==1.*", "a-b @ https://example.org/a.whl"])
def test_a_line_that_leaves_a_choice_is_named(line):
    first, *_ = wrong_pins(line, {})
    assert first == f"constraints.txt: {line!r} does not pin one version: write name==version."


def test_a_changed_a_missing_and_a_new_script_are_named(tmp_path):
    folder = shutil.copytree(VENDOR, tmp_path / "vendor")
    changed, gone = sorted(folder.glob("*.js"))
    changed.write_bytes(changed.read_bytes() + b"\n")
    gone.unlink()
    (folder / "new.js").touch()
    names = {changed.name, gone.name, "new.js"}
    assert {line.split()[0] for line in wrong_digests(folder)} == {f"vendor/{n}" for n in names}
