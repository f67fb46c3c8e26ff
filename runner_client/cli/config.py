"""`dstack-runner config`: exchange a token, write runner.yaml."""

from __future__ import annotations

import argparse
import os
import sys

from runner_client import (
    address,
    config_file,
    home,
    identity,
    installed,
    lock,
    registration,
    session_file,
)
from runner_client.channel import Nonsense, Refused, Unreachable
from runner_client.cli import exit_codes
from runner_client.config_file import Config
from runner_client.home import Home


class Failure(Exception):
    """An exit code and its sentence."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def run(options: argparse.Namespace) -> int:
    place = home.find()
    try:
        replaced = _refuse_while_running(place)
        config = _exchange(options, place)
        _write(place, config)
    except Failure as failure:
        print("dstack-runner: %s" % failure, file=sys.stderr)
        return failure.code
    if replaced:
        print("Replaced the earlier configuration in %s." % place.config)
    print("This machine is the runner %s at %s." % (config.runner_name, config.server))
    print("Next: dstack-runner start")
    return exit_codes.OK


def _refuse_while_running(place: Home) -> bool:
    """Whether there is a configuration already that will be replaced."""
    try:
        place.make()
        running = lock.holder(place.lock)
    except OSError as error:
        raise _cannot_write(place, error) from None
    if running:
        sentence = (
            "An agent runs here (process %d). Stop it first: dstack-runner stop. "
            "For a second runner on this machine set DSTACK_HOME to another folder."
        )
        raise Failure(exit_codes.CANNOT_WRITE, sentence % running)
    return place.config.exists()


def _exchange(options: argparse.Namespace, place: Home) -> Config:
    server, token = _server(options), _token(options)
    wish = registration.Wish(options.name, options.max_jobs, tuple(options.label))
    try:
        return registration.exchange(server, token, identity.machine_id(place), wish)
    except Nonsense as error:
        sentence = "%s is not a server for runners, or something stands before it: %s."
        raise Failure(exit_codes.NOT_OUR_SERVER, sentence % (server, error)) from None
    except Unreachable as error:
        sentence = "%s cannot be reached: %s. Is the address right, and is the server up?"
        raise Failure(exit_codes.UNREACHABLE, sentence % (server, error)) from None
    except registration.ClockOff as error:
        raise Failure(exit_codes.CLOCK_OFF, str(error)) from None
    except Refused as error:
        raise _refused(error, server) from None
    except OSError as error:
        raise _cannot_write(place, error) from None


def _server(options: argparse.Namespace) -> str:
    server = options.server or installed.server()
    if not server:
        raise Failure(exit_codes.USAGE, "Name the server: --server https://runners.example.org")
    try:
        return address.parse(server).url
    except address.BadAddress as error:
        raise Failure(exit_codes.USAGE, str(error)) from None


def _token(options: argparse.Namespace) -> str:
    given = options.token
    token = sys.stdin.readline() if given == "-" else given or os.environ.get("DSTACK_TOKEN", "")
    token = token.strip()
    if not token:
        sentence = "Give your token, from Settings: --token TOKEN, --token - or DSTACK_TOKEN."
        raise Failure(exit_codes.USAGE, sentence)
    if not token.isascii() or not token.isprintable() or " " in token:
        raise Failure(exit_codes.WRONG_TOKEN, "This is not a token: copy it whole from Settings.")
    return token


def _refused(error: Refused, server: str) -> Failure:
    if error.status == 426:
        said = error.answer.get("speaks")
        sentence = "%s speaks another version of the protocol (%s): run its installer again."
        return Failure(exit_codes.NOT_OUR_SERVER, sentence % (server, said))
    if error.status in (401, 403):
        sentence = "%s does not take this token: %s Copy it again from Settings."
        return Failure(exit_codes.WRONG_TOKEN, sentence % (server, error))
    if error.code in ("bad_request", "clone"):
        fields = error.answer.get("fields")
        details = ["%s: %s" % item for item in fields.items()] if isinstance(fields, dict) else []
        return Failure(exit_codes.USAGE, " ".join([str(error), *details]))
    sentence = "%s is not a server for runners: %s (HTTP %d)."
    return Failure(exit_codes.NOT_OUR_SERVER, sentence % (server, error, error.status))


def _write(place: Home, config: Config) -> None:
    try:
        session_file.forget(place.session)
        config_file.write(place.config, config)
    except OSError as error:
        raise _cannot_write(place, error) from None


def _cannot_write(place: Home, error: OSError) -> Failure:
    words = error.strerror or type(error).__name__
    sentence = "%s cannot be written: %s. DSTACK_HOME chooses another folder."
    return Failure(exit_codes.CANNOT_WRITE, sentence % (place.root, words))
