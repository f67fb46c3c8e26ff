"""What can be read of programs while they run: their command lines and environments."""

import contextlib
import threading
from pathlib import Path

# Programs that begin and end between two looks write it down themselves.
_WRAPPER = """#!/bin/sh
cat /proc/$$/cmdline /proc/$$/environ > {seen}/{name}-$$
exec {real} "$@"
"""
_LOOKS = 3  # at each process: what it is may change when it begins another program


class Processes:
    """`with Processes(folder) as processes`; `path` makes short programs tell of themselves."""

    def __init__(self, folder: Path) -> None:
        self._bin, self._seen = folder / "bin", folder / "seen"
        self._bin.mkdir()
        self._seen.mkdir()
        for name in ("git", "ssh", "ssh-keygen"):
            wrapper = self._bin / name
            wrapper.write_text(_WRAPPER.format(seen=self._seen, name=name, real=f"/usr/bin/{name}"))
            wrapper.chmod(0o755)
        self.path = f"{self._bin}:/usr/local/bin:/usr/bin:/bin"
        self._looks: dict[str, int] = {}
        self._read: dict[tuple[str, str], bytes] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Processes":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(10)

    def programs(self) -> set[str]:
        """Which of the short programs ran."""
        return {path.name.rsplit("-", 1)[0] for path in self._seen.iterdir()}

    def texts(self) -> dict[str, bytes]:
        """What was read, by place."""
        found = {f"/proc/{pid}/{file}": text for (pid, file), text in self._read.items()}
        return found | {path.name: path.read_bytes() for path in self._seen.iterdir()}

    def _watch(self) -> None:
        while not self._over.wait(0.03):
            for path in Path("/proc").glob("[0-9]*"):
                if self._looks.get(path.name, 0) < _LOOKS:
                    self._looks[path.name] = self._looks.get(path.name, 0) + 1
                    self._look_at(path)

    def _look_at(self, path: Path) -> None:
        for file in ("cmdline", "environ"):
            with contextlib.suppress(OSError):  # it ended, or is not ours to see
                text = (path / file).read_bytes()
                place = (path.name, file)
                if text not in self._read.get(place, b""):
                    self._read[place] = self._read.get(place, b"") + b"\n" + text
