"""One machine's folder, environment and processes on this host."""

from __future__ import annotations

import hashlib
import os
import shlex
from dataclasses import dataclass, field
from pathlib import Path

from aws_simulator.ec2.machine import Machine
from aws_simulator.machines.process_tree import MARK, ProcessTree

#: Where the host's own commands are looked for when the simulator has no PATH itself.
HOST_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass
class Computer:
    machine: Machine
    folder: Path
    tree: ProcessTree
    hung: bool = False
    crashed: bool = False
    booted_at: float | None = None
    outcome: str = field(default="")  # how the boot went: ran, none, exits, not a script

    @property
    def console(self) -> Path:
        return self.folder / "console.log"

    def furnish(self) -> None:
        for name in ("home", "tmp"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        identity = hashlib.sha256(self.machine.id.encode()).hexdigest()[:32]
        (self.folder / "machine-id").write_text(identity + "\n")

    def environment(self, shims: Path, metadata_url: str) -> dict[str, str]:
        """Nothing of the simulator's own environment but its PATH, after the shims."""
        namespaced = self.tree.isolation.namespaced
        name = "ip-" + self.machine.private_ip.replace(".", "-")
        home = self.folder / "home"
        return {
            "PATH": f"{shims}:{home}/.local/bin:{os.environ.get('PATH', HOST_PATH)}",
            "HOME": str(home),
            # What root installs on a machine must not land in the host's /usr/local.
            "PREFIX": f"{home}/.local",
            "TMPDIR": str(self.folder / "tmp"),
            "LANG": "C.UTF-8",
            "SHELL": "/bin/sh",
            "USER": "root",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": metadata_url,
            MARK: self.machine.id,
            "MACHINE_ROOT": str(self.folder),
            "MACHINE_HOSTNAME": name if namespaced else "",
        }

    def script(self) -> list[str]:
        """The command that runs the user data; none when they are not a script.

        As cloud-init does: what begins with #! is run by its interpreter, the rest is not.
        """
        user_data = self.machine.launch.user_data
        if not user_data.startswith(b"#!"):
            return []
        first, _, _ = user_data.partition(b"\n")
        path = self.folder / "user-data"
        path.write_bytes(user_data)
        path.chmod(0o700)
        return [*shlex.split(first[2:].decode("utf-8", "replace")), str(path)]
