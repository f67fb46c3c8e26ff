"""The server's side of artifacts in memory, and the faults that a test wants of it."""

import hashlib
import json
import threading
from collections.abc import Callable
from typing import Any

from runner_client.channel import Refused


class ArtifactPeer:
    """`fault(path, body)` is asked before each call; it may raise, or answer instead."""

    def __init__(self, known: tuple[bytes, ...] = ()) -> None:
        self.contents = {hashlib.sha256(content).hexdigest(): content for content in known}
        self.partial: dict[str, bytearray] = {}
        self.files: dict[str, dict] = {}
        self.done: list[dict] = []
        self.calls: list[str] = []
        self.piece, self.bundle = 4, None
        self.fault: Callable[[str, Any], dict | None] = lambda path, body: None
        self._lock = threading.Lock()
        self.channel = self

    def open_caller(self) -> "ArtifactPeer":
        return self

    def close(self) -> None:
        """A connection's end; there is none."""

    def call(self, path: str, body: Callable[[], Any], timeout: float) -> dict:
        asked = body()
        with self._lock:
            self.calls.append(path)
            instead = self.fault(path, asked)
            return self._answer(path, asked) if instead is None else instead

    def kept(self) -> dict[str, bytes]:
        """What a reader would find."""
        return {path: self.contents[file["sha256"]] for path, file in self.files.items()}

    def kept_paths(self) -> set[str]:
        """The paths of which the content is there."""
        return {path for path, file in self.files.items() if file["sha256"] in self.contents}

    def _answer(self, path: str, body: Any) -> dict:
        _jobs, _job, what, *rest = path.split("?")[0].split("/")
        if what == "blobs" and not rest:
            return self._take_bundle(body)
        if what == "blobs":
            return self._blob(rest[0], int(path.rpartition("=")[2]), body)
        if rest == ["done"]:
            return self._finish(body)
        self.files.update({file["path"]: file for file in body["files"]})
        missing = [self._state(sha) for sha in {f["sha256"] for f in body["files"]}]
        return {"missing": missing, "bundle": self.bundle}

    def _take_bundle(self, raw: bytes) -> dict:
        head, _, content = raw.partition(b"\n")
        states, at = [], 0
        for sha, size in json.loads(head):
            states.append(self._blob(sha, 0, content[at : at + size]))
            at += size
        return {"states": states}

    def _finish(self, body: dict) -> dict:
        missing = [f for f in self.files.values() if f["sha256"] not in self.contents]
        if missing and body["trouble"] is None:
            return {"missing": [self._state(file["sha256"]) for file in missing]}
        self.files = {p: f for p, f in self.files.items() if f not in missing}
        self.done.append(body)
        size = sum(file["size"] for file in self.files.values())
        return {"files": len(self.files), "size": size, "missing": []}

    def _state(self, sha: str) -> dict:
        if sha in self.contents:
            return {"sha256": sha, "whole": True}
        return {"sha256": sha, "offset": len(self.partial.get(sha, b"")), "piece": self.piece}

    def _blob(self, sha: str, offset: int, piece: bytes) -> dict:
        kept = self.partial.setdefault(sha, bytearray())
        if offset <= len(kept):
            kept.extend(piece[len(kept) - offset :])
        if hashlib.sha256(kept).hexdigest() == sha:
            self.contents[sha] = bytes(kept)
        size = next(f["size"] for f in self.files.values() if f["sha256"] == sha)
        if len(kept) >= size and sha not in self.contents:
            del self.partial[sha]
            return {"sha256": sha, "wrong": True}
        return self._state(sha)


def refused(code: str, sentence: str, status: int = 409) -> Refused:
    """As a caller raises it."""
    return Refused(status, code, sentence, {})
