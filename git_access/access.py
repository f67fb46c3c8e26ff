"""Everything that one command of git needs to reach one repository, for as long as it runs."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import Iterator, NamedTuple

from git_access import askpass, settings, ssh
from git_access.hidden import hidden


class Access(NamedTuple):
    """`url` as git is given it. `secret` is a password or token for http; `private_key` and its
    passphrase are for ssh; `known_hosts` is what was seen of hosts before."""

    url: str
    local: bool = False
    user_name: str | None = None
    secret: str | None = None
    private_key: str | None = None
    passphrase: str | None = None
    known_hosts: str = ""

    def __repr__(self) -> str:
        return "Access(%r, …)" % self.url


class Opened(NamedTuple):
    """`environment` for git; `known_hosts` is a file that ssh adds new hosts to; `key` is where the
    private key can be read."""

    environment: dict[str, str]
    known_hosts: Path
    key: str | None

    def hosts_seen(self) -> str:
        return self.known_hosts.read_text(encoding="utf-8", errors="replace")


@contextlib.contextmanager
def opened(access: Access, folder: Path) -> Iterator[Opened]:
    """A private folder at `folder`, gone at the end with everything in it. Raises OSError."""
    folder.mkdir(mode=0o700)
    try:
        with contextlib.ExitStack() as secrets:
            yield _open(access, folder, secrets)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _open(access: Access, folder: Path, secrets: contextlib.ExitStack) -> Opened:
    def hide(name: str, text: str | None) -> str | None:
        return secrets.enter_context(hidden(text, folder / name)) if text else None

    answers = askpass.Answers(
        hide("user", access.user_name),
        hide("secret", access.secret),
        hide("passphrase", access.passphrase),
    )
    key = hide("key", _tidy_key(access.private_key))
    asks = folder / "askpass"
    asks.write_text(askpass.script(access.url, access.user_name, answers), encoding="utf-8")
    os.chmod(asks, 0o700)
    hosts = folder / "known_hosts"
    hosts.write_text(access.known_hosts, encoding="utf-8")
    command = ssh.command(str(hosts), key)
    settings.write_config(folder)
    return Opened(settings.environment(folder, command, asks, access.local), hosts, key)


def _tidy_key(key: str | None) -> str | None:
    """ssh reads no key with the line ends of Windows, or without an end of its last line."""
    return key.replace("\r\n", "\n").strip() + "\n" if key and key.strip() else None
