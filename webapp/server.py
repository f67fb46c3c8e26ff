"""The embedded server of one process."""

import contextlib
import logging
import socket
import threading

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from webapp.channels import Channel, Sockets
from webapp.config import ConfigurationError
from webapp.crew import Crew
from webapp.elsewhere import Elsewhere
from webapp.open_files import room_for
from webapp.processes import when_told_to_end
from webapp.scheduler import Scheduler
from webapp.waiting_room import WaitingRoom

log = logging.getLogger(__name__)

_BACKLOG = 1024
_LAST_SECONDS = 5  # for requests that are being answered when the server stops


def one_address(host: str) -> str:
    """Of a name with several (localhost is 127.0.0.1 and ::1): waitress would listen on each, with
    PORT=0 at different ports. Raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    found.sort(key=lambda each: each[0] != socket.AF_INET)
    return str(found[0][4][0])


def listen(app: Flask) -> socket.socket:
    """The socket of HOST and PORT, which several processes may share. Raises ConfigurationError."""
    settings = app.extensions["settings"]
    try:
        place = (one_address(settings.host), settings.port)
        family = socket.AF_INET6 if ":" in place[0] else socket.AF_INET
        listening = socket.create_server(place, family=family, backlog=_BACKLOG)
    except (OSError, socket.gaierror) as error:
        where = f"{settings.host}:{settings.port}"
        raise ConfigurationError(
            f"HOST and PORT: {where} cannot be listened on: {error.strerror or error}."
        ) from None
    # With PORT=0 the address is known only now, and machines have to be told it.
    port = listening.getsockname()[1]
    app.extensions["settings"] = settings.model_copy(update={"port": port})
    return listening


class Server:
    """Listens from the moment it is made; `port` is the one it got. One that does not lead leaves
    the scheduler's work to another process."""

    def __init__(
        self, app: Flask, listening: socket.socket | None = None, leads: bool = True
    ) -> None:
        listening = listening or listen(app)
        settings = app.extensions["settings"]
        self.app = app
        self._waitress = create_server(
            app,
            map=Sockets(),
            sockets=[listening],
            _dispatcher=Crew(settings.threads),
            threads=settings.threads,
            connection_limit=room_for(settings.connections),
            backlog=_BACKLOG,
            channel_timeout=120,
            ident="",
            recv_bytes=65536,  # pieces of artifacts have megabytes
            asyncore_use_poll=True,  # select() ends at 1024 sockets
            clear_untrusted_proxy_headers=False,  # TRUSTED_PROXIES decides, in create_app
        )
        self._waitress.channel_class = Channel
        self._waiting_room = self._waitress.waiting_room = WaitingRoom()
        self.scheduler = Scheduler(app, leads)
        self.elsewhere = Elsewhere(app)

    @property
    def port(self) -> int:
        """The port that answers, also when the setting was 0."""
        return int(self._waitress.effective_port)

    def run(self) -> None:
        """Serve until `stop`."""
        self.scheduler.start()
        self.elsewhere.start()
        try:
            self._waitress.run()
        except OSError:
            log.debug("the listening socket was closed", exc_info=True)
        finally:
            self.elsewhere.stop()
            self.scheduler.stop()

    def stop(self) -> None:
        """End all waiting and close; running requests get a moment to end, and their answers to
        leave: an answer that is cut off costs the agent a back-off."""
        wakeups, waitress = self.app.extensions["wakeups"], self._waitress
        if wakeups.closed:
            return
        wakeups.close()
        # Sockets are closed by the thread that waits for them: it would notice a second later.
        waitress.trigger.pull_trigger(lambda: wasyncore.dispatcher.close(waitress))
        waitress.task_dispatcher.shutdown(timeout=_LAST_SECONDS)
        self._waiting_room.close(_LAST_SECONDS)
        with contextlib.suppress(OSError):  # it went at once, together with the first
            waitress.trigger.pull_trigger(lambda: _close(waitress._map))

    def stop_on_signals(self) -> None:
        """SIGTERM and SIGINT end it; only in the main thread."""
        when_told_to_end(self._on_signal)

    def _on_signal(self, number: int, frame: object) -> None:
        # A handler runs between two instructions of the main thread, which may hold a lock.
        threading.Thread(target=self.stop, daemon=True).start()


def _close(sockets: Sockets) -> None:
    sockets.all_back()
    wasyncore.close_all(sockets)
