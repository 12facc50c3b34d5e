"""How often a secret may be tried.

Tries are counted for a typed address as seen from one network first, so that nobody can lock another out;
the limit for an address as such is high and stops only a siege.
"""

from ipaddress import IPv6Address, IPv6Network, ip_address

from flask import request

from app.core.ids import secret_hash
from app.web.limits import limit


def throttle(action: str, email: str, *, of_both: str, of_network: str, of_email: str) -> None:
    """Count one try with a typed address; raises TooMany."""
    who = secret_hash(email.strip().lower())[:24]
    limit(action, of_both, who, network())
    limit(f"{action}-network", of_network, network())
    limit(f"{action}-email", of_email, who)


def network() -> str:
    """Return where the request comes from: an IPv4 address, or the half of an IPv6 address that one subscriber has."""
    raw = request.remote_addr or "unknown"
    try:
        address = ip_address(raw)
    except ValueError:
        return raw
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Network((address, 64), strict=False))
    return raw
