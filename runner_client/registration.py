"""Becoming a runner: a token, or the credential of a copied machine, for one of our own."""

from __future__ import annotations

from typing import NamedTuple

from runner_client import PROTOCOL, VERSION
from runner_client.channel import Channel, Nonsense
from runner_client.config_file import Config
from runner_client.job import now_ms

# More than the way there and back may take; signatures and logs of others need a right clock.
MOST_SKEW_SECONDS = 300


class Wish(NamedTuple):
    """What the user may say about the new runner."""

    name: str | None = None
    max_jobs: int | None = None
    labels: tuple = ()


class ClockOff(Exception):
    """One sentence: how far this machine's clock is off."""


def exchange(server: str, token: str, machine_id: str, wish: Wish) -> Config:
    """A token for a credential of this machine; raises Unreachable, Refused, ClockOff."""
    about = dict(name=wish.name, max_jobs=wish.max_jobs, labels=list(wish.labels))
    answer = _ask(server, token, "runners", dict(_who(machine_id), **about))
    _check_clock(answer)
    return _config(server, answer, wish.max_jobs)


def as_clone(config: Config, machine_id: str) -> Config:
    """A credential of our own, when ours is another machine's; raises Unreachable, Refused."""
    answer = _ask(config.server, config.credential, "clone", _who(machine_id))
    return _config(config.server, answer, config.max_jobs)


def _who(machine_id: str) -> dict:
    return {
        "protocol": PROTOCOL,
        "agent_version": VERSION,
        "machine_id": machine_id,
        "clock": now_ms(),
    }


def _ask(server: str, secret: str, path: str, body: dict) -> dict:
    channel = Channel(server, secret)
    try:
        return channel.call(path, body)
    finally:
        channel.close()


def _check_clock(answer: dict) -> None:
    clock = answer.get("clock")
    off = (now_ms() - clock) / 1000 if isinstance(clock, int) else 0
    if abs(off) > MOST_SKEW_SECONDS:
        way = "ahead of" if off > 0 else "behind"
        sentence = "The clock of this machine is %d s %s the server's. Set it (NTP) and try again."
        raise ClockOff(sentence % (abs(off), way))


def _config(server: str, answer: dict, max_jobs: int | None) -> Config:
    values = [answer.get(key) for key in ("runner_id", "runner_name", "credential")]
    if not all(isinstance(value, str) and value for value in values):
        raise Nonsense("an answer that is not this protocol's")
    return Config(server, *values, max_jobs)
