"""One process of the server: made, running its tasks and answering requests, killed, made again."""

import contextvars
import os
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from tests.simulation.points import Killed, Points, Trap, connection_of
from webapp import create_app, waits
from webapp.config import ConfigurationError, Settings
from webapp.extensions import db
from webapp.models.transaction import announced
from webapp.scheduler import Entry, Scheduler, table
from webapp.start import prepare

if TYPE_CHECKING:
    from tests.simulation.world import World

LEAD_SECONDS = 5  # how often the leader lease is renewed
LONGEST_LEAD_SECONDS = 14
PACE = {"tick": 4.0, "observe": 3.0, "refresh_catalogue": 40.0, "refresh_prices": 60.0}
USUAL_PACE = 8.0


class Answer(NamedTuple):
    """Of a request."""

    status: int
    body: bytes


class Server:
    """`number` names it; all of them share one database and one folder."""

    def __init__(self, world: "World", number: int) -> None:
        self.world, self.number = world, number
        self.points = Points(world.stall, world.trap_sprung, dead=True)
        self._life = 0
        self._tasks: list[Entry] = []
        self._running: set[str] = set()
        self._hastened: set[str] = set()
        self._traps: dict[str, list[Trap]] = {}
        self._app: Flask | None = None
        self._scheduler: Scheduler | None = None

    @property
    def up(self) -> bool:
        """Whether it serves."""
        return self._app is not None and not self.points.dead

    def start(self) -> None:
        """A new process on the same database: nothing is left of the one before it."""
        if self.up:
            return
        late = (self.world.no_server_until - self.world.agenda.now) / 1000
        if late > 0:
            self.world.agenda.after(late, f"server {self.number} starts", self.start)
            return
        self._life += 1
        traps = self.points.traps
        self.points = Points(self.world.stall, self.world.trap_sprung, traps=traps)
        self.points.starting = True
        try:
            self._app = contextvars.Context().run(self._make)
            contextvars.Context().run(prepare, self._app)
        except (Killed, DBAPIError, ConfigurationError):  # what starts it tries again
            self._buried()
            return
        self.points.starting = False
        self._scheduler = Scheduler(self._app)
        self._tasks = table(1)
        self._hears = self._hear  # the signal holds it weakly
        announced.connect(self._hears, sender=self._app.extensions["wakeups"])
        self._soon("lead", 0.0, self._lead)
        for entry in self._tasks:
            self._schedule(entry)

    def die(self) -> None:
        """Kill it, wherever it is; what of it is on the stack ends when it goes on."""
        if self.up:
            self.points.dead = True
            self._buried()

    def let_go(self) -> None:
        """What the kernel does for a process that has ended."""
        if self._app is not None:
            with self._app.app_context():
                db.engine.dispose(close=False)
        if self._scheduler is not None:
            os.close(self._scheduler.leadership._life_sign._file)
        self._app = self._scheduler = None

    def set_in(self, task: str, trap: Trap) -> None:
        """Set it when this task begins the next time."""
        self._traps.setdefault(task, []).append(trap)

    def do(self, what: Callable[[], Any]) -> Any:
        """Run something in this process; None when it died of it."""
        app, life = self._app, self._life
        if app is None or self.points.dead:
            return None

        def inside() -> Any:
            with app.app_context():
                return what()

        try:
            # A context of its own: something else of this process may be stalled below us.
            return contextvars.Context().run(inside)
        except Killed:
            if life == self._life:
                self._buried()
            return None

    def request(self, path: str, headers: dict[str, str], body: bytes) -> Answer | None:
        """A POST of an agent; None when the process died before it answered."""
        app, life, points = self._app, self._life, self.points
        if app is None or points.dead:
            return None

        def inside() -> Answer:
            with app.test_client() as client:
                response = client.post(path, data=body, headers=headers)
                return Answer(response.status_code, response.data)

        try:
            answer: Answer = contextvars.Context().run(inside)
        except Killed:
            if life == self._life:
                self._buried()
            return None
        return None if points.dead else answer

    def _make(self) -> Flask:
        app = create_app(settings(self.world.folder, self.world.script.settings), self._clock)
        # Turns are for threads, and there is only one here, which would wait for itself.
        app.extensions["writers_turn"] = nullcontext()
        del app.wsgi_app  # the one that takes turns: what is left is Flask's own
        waits.listen(app)
        app.extensions["opens_cloud"] = lambda keys: self.world.aws.open(keys, self.points)
        connection = connection_of(self.points, self.world.judge.committed)
        with app.app_context():
            event.listen(db.engine, "do_connect", _with(connection))
        return app

    def _clock(self) -> int:
        return self.world.agenda.now + self.world.clock_off

    def _buried(self) -> None:
        self.points.dead = True
        self.world.note(f"server {self.number} died")
        self.let_go()
        self._running.clear()
        self._hastened.clear()
        self._life += 1
        down = self.world.chance.between(0.5, 40, "down", self.number, self._life)
        self.world.agenda.after(down, f"server {self.number} starts", self.start)

    def _soon(self, name: str, seconds: float, what: Callable[[], None]) -> None:
        life = self._life

        def act() -> None:
            if self._life == life and self.up:
                what()

        self.world.agenda.after(seconds, f"server {self.number}: {name}", act)

    def _lead(self) -> None:
        wait = min(LEAD_SECONDS * self.world.slowness, LONGEST_LEAD_SECONDS)
        self._soon("lead", wait, self._lead)
        scheduler = self._scheduler
        if scheduler is not None:
            self._once("lead", scheduler.leadership.renew)

    def _schedule(self, entry: Entry) -> None:
        name = entry.task.__name__
        usual = USUAL_PACE if entry.seconds < 60 else entry.seconds
        pace = PACE.get(name, usual) * self.world.slowness
        wait = pace * self.world.chance.between(0.5, 1.5, name, self.world.agenda.now, self.number)
        self._soon(name, wait, lambda: self._run(entry))

    def _run(self, entry: Entry) -> None:
        scheduler = self._scheduler
        if scheduler is not None:
            self._once(entry.task.__name__, lambda: scheduler._run_once(entry))
        if self.up:
            self._schedule(entry)

    def _hear(self, sender: object, word: str, demand: object) -> None:
        """What is announced makes some tasks run at once, as the scheduler does it."""
        for entry in self._tasks:
            name = entry.task.__name__
            if word in entry.hears and name not in self._hastened:
                self._hastened.add(name)
                self._soon(name, 0.2, lambda e=entry: self._hasten(e))

    def _hasten(self, entry: Entry) -> None:
        name, scheduler = entry.task.__name__, self._scheduler
        self._hastened.discard(name)
        if scheduler is not None:
            self._once(name, lambda: scheduler._run_once(entry))

    def _once(self, name: str, what: Callable[[], None]) -> None:
        """A task that is still running (stalled) is not started again, as APScheduler does it."""
        if name in self._running:
            return
        life = self._life
        self._running.add(name)
        for trap in self._traps.pop(name, []):
            self.points.set(trap)
        # `lead` and the tasks push the application's context themselves.
        try:
            contextvars.Context().run(what)
        except Killed:
            if life == self._life:
                self._buried()
        finally:
            if life == self._life:
                self._running.discard(name)


def settings(folder: Path, changes: dict[str, Any]) -> Settings:
    """A poll that finds nothing answers at once: waiting is the simulated agent's part."""
    values = {
        "data_dir": folder / "data",
        "encryption_key": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "secret_key": "a session key for simulations",
        "public_url": "https://runners.example.org",
        "poll_seconds": 0.0001,
    }
    return Settings.model_validate({**values, **changes})


def _with(connection: type) -> Callable[..., None]:
    def connect(_dialect: Any, _record: Any, _args: Any, parameters: dict[str, Any]) -> None:
        parameters["factory"] = connection

    return connect
