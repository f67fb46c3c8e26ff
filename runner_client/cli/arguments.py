"""Options and subcommands; each command is imported when it is asked for."""

from __future__ import annotations

import argparse
import sys

from runner_client import VERSION, lines
from runner_client.cli import exit_codes


def run(argv: list[str]) -> int:
    parser = _parser()
    options = parser.parse_args(argv)
    if options.command is None:
        parser.print_help()
        return exit_codes.USAGE
    lines.begin(options.log_level)
    if sys.platform != "linux":
        print("dstack-runner runs on Linux only.", file=sys.stderr)
        return exit_codes.USAGE
    return options.command(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dstack-runner", description="Make this machine a runner, and run its jobs."
    )
    parser.add_argument("--version", action="version", version="dstack-runner " + VERSION)
    parser.add_argument("--log-level", choices=lines.LEVELS, default="info")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    parser.set_defaults(command=None)
    _config(commands)
    _start(commands)
    _status(commands)
    _stop(commands)
    return parser


def _command(commands, name: str, text: str, command) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    # Also behind the command; suppressed, or it would undo the one before it.
    parser.add_argument("--log-level", choices=lines.LEVELS, default=argparse.SUPPRESS)
    parser.set_defaults(command=command)
    return parser


def _config(commands) -> None:
    text = "Exchange your token for a credential of this machine."
    parser = _command(commands, "config", text, _run_config)
    parser.add_argument(
        "--token",
        help="your token, from Settings; - reads it from standard input; without it DSTACK_TOKEN "
        "is used, which other people on this machine cannot see in the list of processes",
    )
    parser.add_argument("--server", help="address of the server (default: where this came from)")
    parser.add_argument("--name", help="name of the runner (default: the server makes one up)")
    parser.add_argument("--max-jobs", type=_from_one, help="run at most so many jobs at once")
    parser.add_argument("--label", action="append", default=[], help="a word; may be repeated")


def _start(commands) -> None:
    parser = _command(commands, "start", "Run jobs until stopped.", _run_start)
    parser.add_argument("--once", action="store_true", help="run one job, then end")


def _status(commands) -> None:
    parser = _command(commands, "status", "Show what the agent does.", _run_status)
    parser.add_argument("--json", action="store_true", help="for programs")


def _stop(commands) -> None:
    text = "Let the running agent finish its jobs and end."
    parser = _command(commands, "stop", text, _run_stop)
    parser.add_argument("--now", action="store_true", help="hand running jobs back to the queue")
    parser.add_argument(
        "--wait", type=float, metavar="SECONDS", help="give up waiting (default: wait on)"
    )


def _from_one(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError("it should be a number from 1 on, not %r" % text)
    return int(text)


def _run_config(options: argparse.Namespace) -> int:
    from runner_client.cli import config

    return config.run(options)


def _run_start(options: argparse.Namespace) -> int:
    from runner_client.cli import start

    return start.run(options)


def _run_status(options: argparse.Namespace) -> int:
    from runner_client.cli import status

    return status.run(options)


def _run_stop(options: argparse.Namespace) -> int:
    from runner_client.cli import stop

    return stop.run(options)
