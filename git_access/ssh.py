"""The ssh that git is to use: nobody's own settings, one key, and hosts that are known."""

from __future__ import annotations

from shlex import quote


def command(known_hosts: str, key: str | None) -> str:
    """For GIT_SSH_COMMAND; `key` is the path of the private key. A host that was never seen is
    remembered in `known_hosts`; one whose key changed is refused."""
    options = {
        "StrictHostKeyChecking": "accept-new",
        "UserKnownHostsFile": known_hosts,
        "GlobalKnownHostsFile": "/dev/null",
        "HashKnownHosts": "no",
        "UpdateHostKeys": "no",
        "CheckHostIP": "no",
        "IdentitiesOnly": "yes",
        "IdentityFile": key or "none",
        "IdentityAgent": "none",
        "PreferredAuthentications": "publickey",
        "NumberOfPasswordPrompts": "1",
        "ForwardAgent": "no",
        "ForwardX11": "no",
        "PermitLocalCommand": "no",
        "ConnectTimeout": "20",
        "ServerAliveInterval": "15",
        "ServerAliveCountMax": "4",
        "LogLevel": "ERROR",
    }
    words = ["ssh", "-F", "/dev/null"]
    for name, value in options.items():
        words += ["-o", "%s=%s" % (name, _spaced(value))]
    return " ".join(map(quote, words))


def _spaced(value: str) -> str:
    """ssh splits the values of some options at spaces and expands a percent sign."""
    value = value.replace("%", "%%")
    return '"%s"' % value if " " in value else value
