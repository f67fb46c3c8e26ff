"""One metadata service for all machines: http://127.0.0.1:port/<instance id>/latest/…"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import ClassVar

from aws_simulator.ec2.machine import Machine
from aws_simulator.machines.metadata import LONGEST_TOKEN, Tokens, read
from aws_simulator.machines.power import Power
from aws_simulator.web.loopback import Handler, Server

TTL = "X-aws-ec2-metadata-token-ttl-seconds"
TOKEN = "X-aws-ec2-metadata-token"  # noqa: S105 - the name of a header


class Metadata(Handler):
    find: ClassVar[Callable[[str], Machine | None]]
    tokens: ClassVar[Tokens]
    power: ClassVar[Power]

    def _machine(self) -> tuple[Machine | None, str]:
        _, machine_id, path = (self.path.split("?")[0] + "//").split("/", 2)
        return self.find(machine_id), path.rstrip("/")

    def do_PUT(self) -> None:
        self.body()
        machine, path = self._machine()
        seconds = self.headers.get(TTL, "")
        if machine is None or path != "latest/api/token":
            return self.reply(404, "")
        # A forwarded request is not from the machine itself: IMDSv2 refuses it.
        forwarded = self.headers.get("X-Forwarded-For")
        if not seconds.isdigit() or not 1 <= int(seconds) <= LONGEST_TOKEN or forwarded:
            return self.reply(400, "")
        return self.reply(200, self.tokens.issue(machine.id, int(seconds)))

    def do_GET(self) -> None:
        machine, path = self._machine()
        if machine is None or machine.state == "terminated":
            return self.reply(404, "")
        if not self.tokens.good(machine.id, self.headers.get(TOKEN, "")):
            return self.reply(401, "")
        found = read(machine, path.removeprefix("latest/"))
        return self.reply(404, "") if found is None else self.reply(200, found)

    def do_POST(self) -> None:
        """Not EC2's: the power button, for the shims of `shutdown` and its relatives."""
        machine, path = self._machine()
        if machine is None or path != "practice/power":
            return self.reply(404, "")
        try:
            return self.reply(200, self.power.press(machine, json.loads(self.body())))
        except ValueError as error:
            return self.reply(400, str(error))


def metadata_server(find: Callable[[str], Machine | None], tokens: Tokens, power: Power) -> Server:
    parts = {"find": staticmethod(find), "tokens": tokens, "power": power}
    return Server(0, type("MetadataOfThisWorld", (Metadata,), parts))
