"""Looking up the host of a repository before git does: some addresses are not asked."""

import socket
from collections.abc import Mapping

from webapp.engine.repository_hosts import trouble
from webapp.engine.repository_urls import host_and_port, is_ssh

_PROXIES = {"http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"}


class NotAsked(Exception):
    """One sentence: why this host is left alone."""


def addresses_of(url: str, allow_local: bool) -> list[str]:
    """All of the host's, none when it has none (git says so better). Raises NotAsked."""
    host, port = host_and_port(url)
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    addresses = list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
    problem = trouble(host, addresses, allow_local)
    if problem:
        raise NotAsked(problem)
    return addresses


def pinned(url: str, addresses: list[str], environment: Mapping[str, str]) -> dict[str, str]:
    """Variables by which git (since 2.37) asks those addresses and looks up no other: a name may be
    something else a moment later. Behind a proxy it is the proxy that looks it up."""
    if is_ssh(url) or not addresses or _PROXIES & environment.keys():
        return {}
    host, port = host_and_port(url)
    listed = ",".join(f"[{each}]" if ":" in each else each for each in addresses)
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "http.curloptResolve",
        "GIT_CONFIG_VALUE_0": f"{host}:{port}:{listed}",
    }
