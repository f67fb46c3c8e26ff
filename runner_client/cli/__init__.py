"""The command line: `dstack-runner config | start | status | stop`."""

from __future__ import annotations

from runner_client import VERSION


def main(argv: list[str]) -> int:
    if argv == ["--version"]:  # before anything is imported: it should not take a tenth of a second
        print("dstack-runner " + VERSION)
        return 0
    from runner_client.cli import arguments

    return arguments.run(argv)
