"""docs/security.md names tests: each of them is there."""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
PAGE = TESTS.parent / "docs" / "security.md"


def test_every_test_that_it_names_is_there():
    named = re.findall(r"`([a-z0-9_/]+\.py)::(test_\w+)`", PAGE.read_text(encoding="utf-8"))
    assert len(named) > 80
    missing = [f"{file}::{name}" for file, name in named if name not in _tests_in(TESTS / file)]
    assert missing == []


def test_every_line_of_a_table_names_one():
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:2] == "| "]
    rows = [line for line in lines if not line.startswith(("| what |", "| it tries", "| input |"))]
    assert len(rows) > 50
    assert [row for row in rows if "::test_" not in row] == []


def _tests_in(path):
    if not path.exists():
        return set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
