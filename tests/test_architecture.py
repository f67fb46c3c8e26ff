"""The structure that ARCHITECTURE.md describes, read from the code itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_TEMPLATE = 300, 50, 120
OURS = ("webapp", "runner_client", "git_access", "aws_simulator", "scripts", "benchmarks")

FOUNDATION = {
    "access",
    "bell",
    "body_size",
    "channels",
    "clock",
    "config",
    "crew",
    "database",
    "errors",
    "extensions",
    "headers",
    "host_names",
    "json_input",
    "keyring",
    "life_sign",
    "neighbours",
    "open_files",
    "people",
    "plain_cursor",
    "practice",
    "processes",
    "public_url",
    "requests_log",
    "spoken",
    "rested",
    "trouble",
    "turnstile",
    "version",
    "waiting_room",
    "waits",
    "wakeups",
    "write_queue",
    "zero_bytes",
}
# room -> what it may import of webapp beside itself and, except for the pure rooms, the foundation
ARROWS = {
    "engine": set(),
    "models": {"engine", "extensions", "keyring", "config", "turnstile"},
    "workflow_files": {"engine"},
    "cloud": {"engine"},
    "storage": set(),
    "archives": {"engine"},
    "repositories": {"models", "engine"} | FOUNDATION,
    "tasks": {"models", "engine", "archives", "repositories", "cloud", "storage", "workflow_files"}
    | FOUNDATION,
    "pages": {"models", "engine", "archives", "repositories", "storage", "workflow_files"}
    | FOUNDATION,
    "api": {"models", "engine", "archives", "repositories", "storage", "workflow_files"}
    | FOUNDATION,
    "reference": {"api"} | FOUNDATION,
    "agents": {"models", "engine", "archives", "storage"} | FOUNDATION,
    "install": {"access", "public_url", "version"},
    "leadership": {"models", "life_sign", "trouble"},
    "scheduler": {"tasks", "models", "leadership", "turns", "trouble", "clock_watch"},
    "turns": set(),
    "clock_watch": set(),
    "elsewhere": {"tasks", "models", "engine"} | FOUNDATION,
    "health": {"models"} | FOUNDATION,
    "schemas": {"workflow_files"} | FOUNDATION,
    "start": {"models"} | FOUNDATION,
    "server": {"scheduler", "elsewhere"} | FOUNDATION,
    "cli": {"models", "engine", "server", "start", "storage", "tasks"} | FOUNDATION,
    "rooms": {"pages", "api", "reference", "agents", "install", "health", "schemas", "cli"}
    | {"extensions"},
}
FOUNDATION_MAY = FOUNDATION | {"models", "engine"}
# library -> the rooms that import it, and there the only files when they are named
ONLY_HERE = {
    "boto3": {"cloud", "storage/s3_client.py"},
    "botocore": {"cloud", "storage/s3_client.py", "storage/s3.py"},
    "yaml": {"workflow_files"},
}


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def imports_of(path: Path) -> Iterator[str]:
    """Every module that a file imports, by its full name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            if node.module == "webapp":
                yield from (f"webapp.{alias.name}" for alias in node.names)
            else:
                yield node.module or ""


def room_of(path: Path) -> str:
    return path.relative_to(ROOT / "webapp").parts[0].removesuffix(".py")


def webapp_rooms(path: Path) -> set[str]:
    """Which rooms of webapp a file imports."""
    names = (name.split(".") for name in imports_of(path))
    return {parts[1] for parts in names if parts[0] == "webapp" and len(parts) > 1}


def test_a_room_imports_only_what_it_may():
    wrong = {}
    for path in python_files("webapp"):
        room = room_of(path)
        if room == "__init__":
            continue  # create_app wires everything
        allowed = FOUNDATION_MAY if room in FOUNDATION else ARROWS[room]
        if webapp_rooms(path) - {room} - allowed:
            wrong[str(path)] = webapp_rooms(path) - {room} - allowed
    assert wrong == {}


def test_the_engine_is_pure():
    pure = {"collections", "dataclasses", "enum", "itertools", "functools", "math", "typing", "re"}
    pure |= {
        "base64",
        "binascii",
        "hashlib",
        "bisect",
        "datetime",
        "heapq",
        "ipaddress",
        "operator",
        "shlex",
        "fractions",
        "decimal",
        "webapp",
    }
    for path in python_files("webapp/engine"):
        used = {name.split(".")[0] for name in imports_of(path)}
        assert used <= pure, path


@pytest.mark.parametrize(("library", "places"), ONLY_HERE.items())
def test_a_library_is_imported_where_it_belongs_only(library, places):
    users = {
        path.relative_to(ROOT / "webapp").as_posix()
        for path in python_files("webapp")
        if library in {name.split(".")[0] for name in imports_of(path)}
    }
    assert {next((p for p in places if user.startswith(p)), user) for user in users} == places


def test_the_agent_and_the_simulator_know_nothing_of_the_server():
    may = {"runner_client": {"git_access"}, "git_access": set(), "aws_simulator": set()}
    for own, others in may.items():
        for path in python_files(own):
            tops = {name.split(".")[0] for name in imports_of(path)}
            assert not tops & (set(OURS) - {own} - others), path


def test_git_is_reached_from_one_room_of_the_server_only():
    users = {
        room_of(path)
        for path in python_files("webapp")
        if "git_access" in {name.split(".")[0] for name in imports_of(path)}
    }
    assert users == {"repositories"}


def test_the_agent_needs_the_standard_library_only():
    import sys

    known = sys.stdlib_module_names | {"runner_client", "git_access"}
    for path in python_files("runner_client", "git_access"):
        assert {name.split(".")[0] for name in imports_of(path)} <= known, path


def test_files_and_functions_are_short():
    long = []
    for path in python_files(*OURS, "tests"):
        text = path.read_text(encoding="utf-8")
        lengths = {str(path): (text.count("\n"), LONGEST_FILE)}
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                lengths[f"{path}: {node.name}"] = (length, LONGEST_FUNCTION)
        long += [where for where, (length, longest) in lengths.items() if length > longest]
    assert long == []


def test_templates_styles_and_scripts_are_short():
    templates = (ROOT / "webapp" / "templates").rglob("*.html")
    static = [*(ROOT / "webapp" / "static" / "css").rglob("*.css")]
    static += (ROOT / "webapp" / "static" / "js").rglob("*.js")
    lengths = {path: LONGEST_TEMPLATE for path in templates} | dict.fromkeys(static, LONGEST_FILE)
    for path, longest in lengths.items():
        assert path.read_text(encoding="utf-8").count("\n") <= longest, path


def test_no_module_is_a_drawer_for_anything():
    for path in python_files(*OURS):
        assert not re.search(r"utils?|helpers?|managers?", path.stem), path


def test_no_error_is_swallowed_without_a_word():
    for path in python_files(*OURS, "tests"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                silent = len(node.body) == 1 and isinstance(node.body[0], ast.Pass)
                assert not silent, f"{path}:{node.lineno}"


def test_every_test_file_has_a_test_in_it_and_waits_for_no_length_of_time():
    for path in python_files("tests"):
        text = path.read_text(encoding="utf-8")
        if path.name.startswith("test_"):
            assert re.search(r"^def test_", text, re.MULTILINE), path
        if path.name != "waiting.py" and path != Path(__file__):
            assert "time.sleep(" not in text, path


def test_no_test_is_skipped_or_expected_to_fail():
    for path in python_files("tests"):
        if path != Path(__file__):
            assert not re.search(r"pytest\.(mark\.)?(skip|xfail)", path.read_text("utf-8")), path
