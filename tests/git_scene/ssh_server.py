"""A real sshd on a port of this machine, for git over ssh."""

import getpass
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.waiting import eventually

_CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/authorized_keys
PidFile {folder}/pid
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
"""


def new_key(path: Path, passphrase: str = "") -> str:
    """Make a key pair; the private half."""
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", str(path)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return path.read_text()


class Sshd:
    """Lets in whoever has one of the `keys` (private halves lie beside their public ones)."""

    def __init__(self, folder: Path, *keys: Path) -> None:
        folder.mkdir()
        self.folder, self.port = folder, _free_port()
        new_key(folder / "host_key")
        public = [key.with_suffix(".pub").read_text() for key in keys]
        (folder / "authorized_keys").write_text("".join(public))
        (folder / "config").write_text(_CONFIG.format(port=self.port, folder=folder))

    @contextmanager
    def as_another_host(self) -> Iterator[None]:
        """The same address, another host key."""
        self.__exit__()
        for name in ("host_key", "host_key.pub"):
            (self.folder / name).unlink()
        new_key(self.folder / "host_key")
        with self:
            yield
        self.__enter__()

    def url(self, path: Path) -> str:
        """The address of a repository on this disk."""
        return f"ssh://{getpass.getuser()}@127.0.0.1:{self.port}{path}"

    def __enter__(self) -> "Sshd":
        Path("/run/sshd").mkdir(exist_ok=True)
        with (self.folder / "log").open("w") as log:
            command = ["/usr/sbin/sshd", "-D", "-e", "-f", str(self.folder / "config")]
            self._process = subprocess.Popen(command, stderr=log, stdin=subprocess.DEVNULL)
        words = self.folder / "log"
        eventually(lambda: "listening" in words.read_text(), what="sshd")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
