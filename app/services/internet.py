"""Which addresses belong to the open internet; all others are somebody's inside."""

from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# What Python's tables call public, and what is inside all the same.
INSIDE_V4 = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT; metadata of Alibaba Cloud
        "168.63.129.16/32",  # the platform of Azure, seen from each of its machines
        "192.0.0.0/24",  # protocol assignments; metadata of Oracle Cloud
        "192.88.99.0/24",  # the relays of 6to4, given up
        "198.18.0.0/15",
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
# Only here is an IPv6 address anybody's on the internet.
GLOBAL_V6 = IPv6Network("2000::/3")
INSIDE_V6 = tuple(IPv6Network(net) for net in ("2001::/23", "2001:db8::/32", "3fff::/20"))
NAT64 = IPv6Network("64:ff9b::/96")
SIXTOFOUR = IPv6Network("2002::/16")


def is_public(address: Address) -> bool:
    """Tell whether an address leads to the open internet; those that carry an IPv4 address are as public as that."""
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in net for net in INSIDE_V4)
    carried = _carried(address)
    if carried is not None:
        return is_public(carried)
    outside = address in GLOBAL_V6 and address.is_global
    return outside and not any(address in net for net in INSIDE_V6)


def read_address(text: str) -> Address | None:
    """Return the address that a text is; None for a name, and for one that holds on one link only (`%eth0`)."""
    try:
        return ip_address(text) if "%" not in text else None
    except ValueError:
        return None


def read_network(text: str) -> Network | None:
    """Return the network, or the single address, that a text is; None for a name."""
    try:
        return ip_network(text)
    except ValueError:
        return None


def _carried(address: IPv6Address) -> IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.sixtofour if address in SIXTOFOUR else None
