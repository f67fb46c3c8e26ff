"""What a storm left that should not be there: processes, files, folders."""

from pathlib import Path

from tests.storm.town import Town

# What belongs into a data directory, and into the home of an agent.
_DATA = {"runners.db", "runners.db-wal", "runners.db-shm", "logs", "processes", "writers"}
_HOME = {"runner.yaml", "session.json", "status.json", "agent.lock", "jobs"}


def left_behind(town: Town) -> list[str]:
    processes = [f"process {pid}: {words}" for pid, words in _about(town.folder)]
    mine = tuple(f"process {pid}:" for pid in town.pids())
    left = [words for words in processes if not words.startswith(mine)]
    return left + [f"file {path}" for path in _files(town)]


def _files(town: Town) -> list[Path]:
    data = town.settings.data_dir
    found = [path for path in data.iterdir() if path.name not in _DATA and not _is_empty(path)]
    found += list((data / "processes").iterdir())[len(town.servers) :]
    found += [path for path in (data / "logs").rglob("*") if path.is_file() and _odd(path)]
    for agent in town.agents:
        found += [path for path in agent.home.iterdir() if path.name not in _HOME]
        found += (agent.home / "jobs").iterdir()
    return found + list(town.temporary.iterdir())


def _is_empty(path: Path) -> bool:
    return path.is_dir() and not any(each.is_file() for each in path.rglob("*"))


def _odd(path: Path) -> bool:
    return path.suffix != ".log"


def _about(folder: Path) -> list[tuple[int, str]]:
    """(pid, command line) of processes whose environment or command line names the folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words = (path / "cmdline").read_bytes()
            about = str(folder).encode() in words + (path / "environ").read_bytes()
        except OSError:  # it ended while we looked
            continue
        if about:
            found.append((int(path.name), words.replace(b"\0", b" ").decode("utf-8", "replace")))
    return found
