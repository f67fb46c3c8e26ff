"""Under which names pages are answered: what a foreign web page cannot make a browser say.

A page of somebody else can let its own name point at this server (DNS rebinding) and then read what
it says, as if it were its own. What it cannot do is use an address in digits, or a name that no
public name server answers for.
"""

import re

_LOCAL = ("localhost", "local", "internal", "lan", "home.arpa")
_DIGITS = re.compile(r"[0-9.]+|\[[0-9a-f:.]+\]")


def is_ours(host: str, public_host: str | None, listens_here_only: bool) -> bool:
    """Whether a request that names `host` (with or without a port) is meant for this server.

    `public_host`: the name in PUBLIC_URL. Without it a server that other machines reach may be
    called anything, but one that listens on this machine only is not called by a public name.
    """
    name = re.sub(r":[0-9]*$", "", host.lower())
    bare = name.rstrip(".")
    if _DIGITS.fullmatch(name) or "." not in bare or bare == (public_host or "").lower():
        return True
    if any(bare.endswith("." + local) for local in _LOCAL):
        return True
    return public_host is None and not listens_here_only
