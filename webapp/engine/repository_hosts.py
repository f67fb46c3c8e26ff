"""Which addresses the server asks for a repository that a member names.

A member may name any host. What answers at an address of the link, such as the metadata service of
a cloud (169.254.169.254), is no host of repositories and trusts whoever asks; what answers on the
server itself may trust it too.
"""

import ipaddress

# Where clouds answer machines about themselves, outside of the addresses of the link.
_METADATA = {
    ipaddress.ip_address(text) for text in ("fd00:ec2::254", "fd20:ce::254", "100.100.100.200")
}
_BEFORE_V6 = ipaddress.ip_network("64:ff9b::/96")  # NAT64: the last 32 bits are an address of IPv4


def trouble(host: str, addresses: list[str], allow_local: bool) -> str | None:
    """One sentence when a host with these addresses is not asked. One bad address is enough: git
    takes the one that it likes. `allow_local`: the server's own are fine (ALLOW_LOCAL_REPOS)."""
    for text in addresses:
        address = _plain(text)
        if address.is_link_local or address in _METADATA or address.is_multicast:
            return f"{host} leads to {address}, which is no host of repositories: it is not asked."
        if (address.is_loopback or address.is_unspecified) and not allow_local:
            return (
                f"{host} leads to the server itself ({address}), whose repositories are not read "
                "(ALLOW_LOCAL_REPOS is not set): give the address under which runners reach it too."
            )
    return None


def _plain(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Without the zone; an address of IPv4 in the clothes of IPv6 is one of IPv4."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _BEFORE_V6:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
