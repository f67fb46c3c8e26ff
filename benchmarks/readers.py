"""People who have a page open: it polls, and takes what is new."""

import threading
import time
from collections.abc import Sequence

from benchmarks.connection import Connection
from benchmarks.pages import browser, poll_path
from benchmarks.processes import NotThere
from benchmarks.server import Server

PAGES = ("/runs", "/runners")
POLL_SECONDS = 2  # as the pages do it


class Readers:
    """`took`: seconds of each answer; `troubles`: what went wrong."""

    def __init__(self, servers: Sequence[Server], number: int) -> None:
        self.took: list[float] = []
        self.troubles: list[str] = []
        self._over = threading.Event()
        self._people = [browser(servers[n % len(servers)]) for n in range(number)]
        self._threads = [
            threading.Thread(target=self._read, args=(person, PAGES[n // 2 % 2]))
            for n, person in enumerate(self._people)
        ]

    def start(self) -> None:
        """They open their pages one after the other."""
        for thread in self._threads:
            thread.start()
            time.sleep(POLL_SECONDS / len(self._threads))

    def stop(self) -> None:
        """They leave."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _read(self, person: Connection, page: str) -> None:
        try:
            path = poll_path(self._page(person, page))
            while not self._over.wait(POLL_SECONDS):
                news = self._page(person, path)
                path = poll_path(news) if news else path
        except (NotThere, OSError) as error:
            self.troubles.append(f"{page}: {error}")

    def _page(self, person: Connection, path: str) -> bytes:
        began = time.perf_counter()
        status, body, _ = person.request("GET", path)
        self.took.append(time.perf_counter() - began)
        if status not in (200, 204):
            raise NotThere(f"{path}: {status} {body[:200].decode(errors='replace')}")
        return body
