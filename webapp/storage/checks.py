"""Reading what arrived from end to end, to know that it is what was announced.

Of a large content that takes longer than a call may: it goes on in a thread, and whoever asks again
finds it there. A restart of the server only means that it begins anew.
"""

import hmac
import threading

from webapp.storage.content import Content

_AT_ONCE = 16 * 1024 * 1024


class Checks:
    """The readings that go on in this process."""

    def __init__(self, patience: float = 15, at_once: int = _AT_ONCE) -> None:
        self._patience, self._at_once = patience, at_once
        self._lock = threading.Lock()
        self._running: dict[tuple[str, str], _Reading] = {}

    def is_right(self, store, content: Content) -> bool | None:
        """Whether its digest is the announced one; None: not known yet. Raises CannotKeep."""
        if content.size <= self._at_once:
            return _compare(store.digest(content), content)
        place = (store.name, content.key)
        with self._lock:
            reading = self._running.get(place)
            if reading is None:
                reading = self._running[place] = _Reading(store, content)
        if not reading.over.wait(self._patience):
            return None
        with self._lock:
            self._running.pop(place, None)
        if reading.error:
            raise reading.error
        return _compare(reading.digest, content)


class _Reading:
    def __init__(self, store, content: Content) -> None:
        self.over = threading.Event()
        self.digest, self.error = "", None
        threading.Thread(target=self._read, args=(store, content), daemon=True).start()

    def _read(self, store, content: Content) -> None:
        try:
            self.digest = store.digest(content)
        except Exception as error:  # noqa: BLE001 - whoever asks hears it
            self.error = error
        finally:
            self.over.set()


def _compare(digest: str, content: Content) -> bool:
    return hmac.compare_digest(digest, content.sha256)
