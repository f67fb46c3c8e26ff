"""Connections whose request is being answered are set aside: nobody has to look at their sockets.

waitress goes through all its sockets at each turn of its loop. With two thousand runners that wait
for work, each in a request of its own, that is all the processor there is.
"""

from typing import Any

from waitress.channel import HTTPChannel
from waitress.task import WSGITask

from webapp.waits import WAITED, Stays, Wait


class Sockets(dict[int, Any]):
    """What the loop looks at, by file descriptor; its length counts those set aside too, because
    the limit of connections is held against it."""

    def __init__(self) -> None:
        super().__init__()
        self.aside: dict[int, Channel] = {}

    def __len__(self) -> int:
        return super().__len__() + len(self.aside)

    def all_back(self) -> None:
        """Look at every socket again, to close it."""
        self.update(self.aside)
        self.aside.clear()


class Task(WSGITask):
    """One look at a request."""

    def get_environment(self) -> dict[str, Any]:
        """What WSGI says of it, and for what it has waited."""
        wait, self.channel.wait = self.channel.wait, None
        return {**super().get_environment(), WAITED: wait}


class Channel(HTTPChannel):
    """One connection. Its socket is looked at again as soon as its answer begins; `wait`: that of
    its request, while it waits."""

    task_class = Task
    wait: Wait | None = None
    _map: Sockets
    _comes_back = False

    def received(self, data: bytes) -> bool:
        """Called by the loop, as `_back` is: of the two, this is always the first."""
        taken = super().received(data)
        if self.requests and self._map.pop(self._fileno, None):
            self._map.aside[self._fileno] = self
        return taken

    def service(self) -> None:
        """Called by the thread that answers, again when a request has waited."""
        self._comes_back = False
        try:
            super().service()
        except Stays as stays:
            self.wait = stays.wait
            self.server.waiting_room.take(self, stays.wait)
            return  # another thread may be answering by now
        if not self._comes_back:
            self.server.trigger.pull_trigger(self._back)

    def write_soon(self, data: Any) -> int:
        """The answer begins: what cannot be sent at once is sent by the loop."""
        if not self._comes_back:
            self._comes_back = True
            trigger = self.server.trigger
            with trigger.lock:
                trigger.thunks.append(self._back)  # whoever needs the loop wakes it
        return int(super().write_soon(data))

    def del_channel(self, map: Any = None) -> None:
        """Closed."""
        self._map.aside.pop(self._fileno, None)
        super().del_channel(map)

    def _back(self) -> None:
        if self._fileno is not None and self._map.aside.pop(self._fileno, None):
            self._map[self._fileno] = self
