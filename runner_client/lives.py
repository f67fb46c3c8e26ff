"""One life after the other: beginning them, and what to do when one ends by itself."""

from __future__ import annotations

import logging
import threading

from runner_client import (
    PROTOCOL,
    VERSION,
    config_file,
    identity,
    leftovers,
    machine,
    registration,
    session_file,
)
from runner_client.backoff import Backoff
from runner_client.channel import Channel, Interrupted, Refused, Unreachable
from runner_client.config_file import Config
from runner_client.contact import Contact
from runner_client.home import Home
from runner_client.job import now_ms
from runner_client.life import Life
from runner_client.machine import Machine
from runner_client.session import Session, terms

_GOODBYE_SECONDS = 5

_log = logging.getLogger("agent")


class Lives:
    """Runs in a thread of its own, so that the first one is free for signals."""

    def __init__(self, home: Home, config: Config, here: Machine, once: bool) -> None:
        self._home, self.config, self._machine, self._once = home, config, here, once
        self._stopping = threading.Event()
        self._backoff = Backoff()
        self._between = Backoff(first=1)  # two agents that push each other out should slow down
        self.contact = Contact(config.server)
        self.life: Life | None = None
        self.is_ending = False

    def run(self) -> None:
        while not self._stopping.is_set():
            session = self._try_to_begin()
            if session is None:
                continue
            if self._live(session):
                return
            self._stopping.wait(self._between.next())

    def stop(self) -> None:
        """Begin no other life."""
        self._stopping.set()

    def _live(self, session: Session) -> bool:
        """Whether that was the last one."""
        self.life = Life(session, self._home, self._machine, self.contact, self._once)
        if self._stopping.is_set():  # the signal came while the server answered
            self.life.leave()
        self.life.run()
        self.is_ending = session.why == Session.STOPPED
        self.life = None
        if self.is_ending:
            self._say_goodbye(session)
            return True
        if session.why == Session.TAKEN_OVER:
            _log.error(
                "another agent with this credential has taken over; its jobs are stopped here. "
                "If this machine is a copy it becomes a runner of its own now"
            )
        elif session.why == Session.CLONE:
            self._become_another()
        return False

    def _try_to_begin(self) -> Session | None:
        try:
            session = self._begin()
        except (Unreachable, Interrupted) as error:
            self.contact.failed(error)
            self._stopping.wait(self._backoff.next())
        except Refused as error:
            self._refused(error)
        except OSError as error:
            self.contact.failed(error)  # our own disk: it may be emptied, so go on trying
            self._stopping.wait(self._backoff.next())
        else:
            self.contact.succeeded()
            self._backoff.succeeded()
            return session
        return None

    def _begin(self) -> Session:
        config, home = self.config, self._home
        life = session_file.begin(home.session)
        # The first life of this runner has no containers of its own to look for.
        engine = self._machine.engine if life.previous else None
        leftovers.clear(home.jobs, engine, config.runner_id)
        body = {
            "protocol": PROTOCOL,
            "agent_version": VERSION,
            "machine_id": identity.machine_id(home),
            "session": life.session,
            "previous_session": life.previous,
            "clock": now_ms(),
            "machine": machine.facts(self._machine, home.jobs),
        }
        channel = Channel(config.server, config.credential, life.session)
        try:
            answer = channel.call("start", body)
        finally:
            channel.close()
        session_file.confirm(home.session, life)
        _log.info("%s is live at %s", answer.get("runner_name", config.runner_name), config.server)
        return Session(config, life.session, terms(answer))

    def _refused(self, error: Refused) -> None:
        if error.code == "clone":
            self._become_another()
            return
        self.contact.failed(error)
        self._stopping.wait(self._backoff.slow())

    def _become_another(self) -> None:
        """This machine is a copy of another one: its runner stays that one's, we get a new one."""
        try:
            fresh = registration.as_clone(self.config, identity.machine_id(self._home))
            config_file.write(self._home.config, fresh)
            session_file.forget(self._home.session)
        except (Unreachable, Refused, OSError) as error:
            self.contact.failed(error)
            self._stopping.wait(self._backoff.next())
            return
        _log.warning(
            "this machine is a copy of the one of %s: it is the runner %s from now on",
            self.config.runner_name,
            fresh.runner_name,
        )
        self.config = fresh

    def _say_goodbye(self, session: Session) -> None:
        channel = session.channel()
        try:
            channel.call("stop", {"reason": "the agent was stopped"}, _GOODBYE_SECONDS)
        except (Unreachable, Refused, Interrupted) as error:
            _log.info("no goodbye: %s", error)
        finally:
            channel.close()
