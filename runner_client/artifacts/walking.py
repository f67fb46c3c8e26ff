"""Which files the folders that a job names hold. Nothing outside of the job's folder is one."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import NamedTuple

# What the server takes as a path.
LONGEST_BYTES = 800


class Entry(NamedTuple):
    """`path` as the server gets it, `file` where to read it, and how it was when it was found."""

    path: str
    file: str
    size: int
    mtime_ns: int
    mode: int


class Walk:
    """`entries` by path; `said`: what was passed over; `missing`: names that are not there;
    `trouble`: what cannot be kept though it should be. Each a sentence."""

    def __init__(self, work: Path) -> None:
        self._work = str(work)
        self._real = os.path.realpath(self._work)
        self.entries: dict[str, Entry] = {}
        self.said: list[str] = []
        self.missing: list[str] = []
        self.trouble: list[str] = []

    def add(self, name: str) -> None:
        """Everything below this file or folder, as the job names it."""
        parts = [part for part in name.split("/") if part not in ("", ".")]
        place = os.path.join(self._work, *parts)
        if name.startswith("/") or ".." in parts or not self._is_inside(place):
            self.trouble.append("%s leads out of the job's folder" % name)
        elif os.path.isdir(place):
            self._walk("/".join(parts), os.path.realpath(place))
        elif os.path.lexists(place):
            self._add_file("/".join(parts), place)
        else:
            self.missing.append("there is no %s" % name)

    def _walk(self, path: str, place: str) -> None:
        waiting = [(path, place)]
        while waiting:
            path, place = waiting.pop()
            try:
                with os.scandir(place) as found:
                    items = sorted(found, key=lambda item: item.name)
            except OSError as error:
                self.trouble.append("%s cannot be read (%s)" % (path or ".", error.strerror))
                continue
            for item in items:
                below = path + "/" + item.name if path else item.name
                if item.is_dir(follow_symlinks=False):
                    waiting.append((below, item.path))
                else:
                    self._add_file(below, item.path)

    def _add_file(self, path: str, place: str) -> None:
        if os.path.islink(place):
            if not self._is_inside(place):
                self.said.append("%s is a link that leads out of the job's folder" % path)
                return
            if os.path.isdir(place):
                self.said.append("%s is a link to a folder" % path)
                return
            if not os.path.exists(place):
                self.said.append("%s is a link to nothing" % path)
                return
            place = os.path.realpath(place)
        try:
            found = os.lstat(place)
        except OSError as error:
            self.trouble.append("%s cannot be read (%s)" % (path, error.strerror))
            return
        if not stat.S_ISREG(found.st_mode):
            self.said.append("%s is no file" % path)
        elif _fits(path):
            mode = stat.S_IMODE(found.st_mode) & 0o777
            self.entries[path] = Entry(path, place, found.st_size, found.st_mtime_ns, mode)
        else:
            self.trouble.append("%s has a name that cannot be kept" % path)

    def _is_inside(self, place: str) -> bool:
        real = os.path.realpath(place)
        return real == self._real or real.startswith(self._real + os.sep)


def _fits(path: str) -> bool:
    try:
        return len(path.encode()) <= LONGEST_BYTES
    except UnicodeEncodeError:  # a name that is no UTF-8
        return False
