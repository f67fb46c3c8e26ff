"""From the end of a job's process to its last report: what it left goes to the server."""

from __future__ import annotations

import contextlib
from typing import Callable, Iterator

from runner_client import outcome, stragglers
from runner_client.artifacts.bundles import bundles_of, send_bundle
from runner_client.artifacts.reading import Changed, digest
from runner_client.artifacts.sending import NotKept, Sending, patiently
from runner_client.artifacts.telling import Telling
from runner_client.artifacts.walking import Entry, Walk
from runner_client.channel import Refused
from runner_client.job import Job
from runner_client.line import FOR_NOTHING, Ended, Line
from runner_client.outcome import Outcome
from runner_client.several import Several
from runner_client.workplace import Workplace

# Files of one call, and bytes that are read before any of them is sent: when time runs out, what
# was sent before counts.
_BATCH_FILES = 500
_BATCH_BYTES = 256 * 1024 * 1024
_TRIES = 3
# What is left for the last call after the time for files is over.
_LAST_CALL_SECONDS = 5


def wanted_of(job: Job, became: Outcome) -> bool:
    """Whether anybody wants what the job left."""
    return bool(job.spec.artifacts) and became.outcome not in FOR_NOTHING


def keep(
    job: Job, place: Workplace, line: Line, printed: Callable[[], None], became: Outcome
) -> Outcome:
    """The outcome, which is another one when a good end left nothing to build upon.

    Raises Ended and Over when nobody wants it any more, Refused when the attempt is not ours.
    """
    stragglers.kill_below(job.folder.path)  # they could change the files while we read
    return outcome.with_artifacts(became, Keeping(job, place, line, printed).run())


class Keeping:
    def __init__(self, job: Job, place: Workplace, line: Line, printed: Callable[[], None]) -> None:
        self._job, self._line, self._printed = job, line, printed
        self._several = Several(place, job.control, has_run=True)
        self._walk = Walk(job.folder.work)
        self._trouble = self._walk.trouble

    def run(self) -> str | None:
        """What of it could not be kept, in a sentence."""
        for name in self._job.spec.artifacts:
            self._walk.add(name)
        entries = [self._walk.entries[path] for path in sorted(self._walk.entries)]
        self._telling = Telling(self._write, len(entries), sum(entry.size for entry in entries))
        self._telling.list(self._walk.said + self._walk.missing)
        try:
            with self._troubles():
                self._send(entries)
        finally:
            self._several.close()
        self._telling.list(self._trouble)
        self._done()
        return _sentence(self._trouble)

    @contextlib.contextmanager
    def _troubles(self) -> Iterator[None]:
        try:
            yield
        except Ended as order:
            if order.wanted.outcome in FOR_NOTHING:
                raise
            self._trouble.append("there was no time for the rest (%s)" % order.wanted.reason)
        except NotKept as error:
            self._trouble.append(str(error).rstrip("."))
        except Refused as error:
            if error.code == "old_attempt":
                raise
            self._trouble.append("the server refuses: %s" % str(error).rstrip("."))

    def _send(self, entries: list[Entry]) -> None:
        if entries:
            self._telling.begin()
        for batch in _batches(entries):
            self._line.check()
            self._send_batch(batch)

    def _send_batch(self, batch: list[Entry]) -> None:
        for _ in range(_TRIES):
            read = [one for one in self._several.each(self._read, batch) if one]
            again = self._send_missing(self._announce(read), read)
            self._telling.has_read(len(read) - len(again))
            if not again:
                return
            batch = again
        self._trouble.extend("%s changed while it was read" % entry.path for entry in batch)

    def _send_missing(self, answer: dict, read: list[tuple[Entry, str]]) -> list[Entry]:
        """What of it has to be read again."""
        by_digest: dict[str, list[Entry]] = {}
        for entry, sha in read:
            by_digest.setdefault(sha, []).append(entry)
        missing = {state.get("sha256"): state for state in answer.get("missing") or []}
        pairs = [(same, missing[sha]) for sha, same in by_digest.items() if sha in missing]
        bundles, rest = bundles_of(pairs, answer.get("bundle"))
        for left in self._several.each(self._send_bundle, bundles):
            rest += left
        return [entry for some in self._several.each(self._send_one, rest) for entry in some]

    def _send_bundle(self, line: Line, pairs: list) -> list:
        telling = self._telling
        return send_bundle(line, self._job.key, pairs, telling.has_sent, telling.say)

    def _read(self, line: Line, entry: Entry) -> tuple[Entry, str] | None:
        """The file as it is now and its digest; None when it cannot be read."""
        for _ in range(_TRIES):
            try:
                return entry, digest(entry, line.check)
            except Changed as changed:
                entry = changed.entry
            except OSError as error:
                self._cannot_read(entry, error)
                return None
        self._trouble.append("%s changed while it was read" % entry.path)
        return None

    def _announce(self, read: list[tuple[Entry, str]]) -> dict:
        """What the server misses of it, and in how large bundles it takes that."""
        if not read:
            return {}
        files = [
            {"path": entry.path, "size": entry.size, "sha256": sha, "mode": entry.mode}
            for entry, sha in read
        ]
        body = dict(self._about(), files=files)
        path = "jobs/%s/artifacts" % self._job.key.job
        return self._call(path, body)

    def _send_one(self, line: Line, pair: tuple[list[Entry], dict]) -> list[Entry]:
        """Entries of that content which have to be read again, because a file changed."""
        entries, state = pair
        sending = Sending(line, self._job.key, self._telling.has_sent, self._telling.say)
        try:
            sending.send(entries[0], state)
        except Changed as changed:
            return [changed.entry, *entries[1:]]
        except OSError as error:
            self._cannot_read(entries[0], error)
            return entries[1:]
        return []

    def _cannot_read(self, entry: Entry, error: OSError) -> None:
        words = (error.strerror or str(error)).lower()
        self._trouble.append("%s cannot be read (%s)" % (entry.path, words))

    def _done(self) -> None:
        """Whatever is missing in the end is said to the server too."""
        self._line.spare = _LAST_CALL_SECONDS
        with self._troubles():
            answer = self._call_done(self._trouble + self._walk.missing)
            if answer.get("missing"):
                self._trouble.append("%d contents did not arrive" % len(answer["missing"]))
                answer = self._call_done(self._trouble)
            self._telling.end(answer)

    def _call_done(self, sentences: list[str]) -> dict:
        path = "jobs/%s/artifacts/done" % self._job.key.job
        text = _sentence(sentences)
        trouble = text and self._job.clean(text)  # a secret may be in the name of a file
        return self._call(path, dict(self._about(), trouble=trouble))

    def _call(self, path: str, body: dict) -> dict:
        def call() -> dict:
            return self._line.call(path, body)

        return patiently(call, self._telling.say, self._line.wait)

    def _about(self) -> dict:
        return {"attempt": self._job.key.attempt}

    def _write(self, text: str) -> None:
        # A full disk keeps the line from the log, and nothing from the server.
        with contextlib.suppress(OSError):
            self._job.spool.say(text)
            self._printed()


def _batches(entries: list[Entry]) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    size = 0
    for entry in entries:
        if batch and (len(batch) == _BATCH_FILES or size + entry.size > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += entry.size
    if batch:
        yield batch


def _sentence(parts: list[str]) -> str | None:
    if not parts:
        return None
    rest = len(parts) - 3
    text = "; ".join(parts[:3]) + (" and %d more like that" % rest if rest > 0 else "")
    return text.encode("utf-8", "backslashreplace").decode()[:1000] + "."
