"""Which host names can be a city's own domain; pure functions."""

import ipaddress
import re
from enum import StrEnum

import idna

LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
# With `_parvis.` before it a name still has to fit into the DNS.
MAX_LENGTH = 253 - len("_parvis.")
# Names that never lead anywhere from outside (RFC 6761, RFC 6762, RFC 9476), and one of the address space itself.
SPECIAL = frozenset({"localhost", "local", "internal", "invalid", "onion", "alt", "arpa"})


class Fault(StrEnum):
    """Why a host name cannot be a city's domain, whoever asks."""

    EMPTY = "empty"
    NUMERIC = "numeric"
    SINGLE = "single"
    MALFORMED = "malformed"
    TOO_LONG = "too_long"
    OURS = "ours"
    SPECIAL = "special"


def clean(typed: str) -> str:
    """Return the host name somebody means, as the DNS has it: a whole web address may have been pasted.

    Letters outside a to z become Punycode (`müller.example` → `xn--mller-kva.example`).
    """
    text = re.sub(r"\A[a-z]+://", "", typed.strip(), flags=re.IGNORECASE)
    text = re.split(r"[/?#\\\s]", text, maxsplit=1)[0].rpartition("@")[2]
    if text.startswith("["):
        return text.strip("[]").lower()
    if text.count(":") == 1:
        text = text.partition(":")[0]
    text = text.rstrip(".")
    try:
        return idna.encode(text, uts46=True).decode("ascii").lower() if text else ""
    except idna.IDNAError:
        return text.lower()


def fault(host: str, base_domain: str) -> Fault | None:
    """Return what is wrong with a host name before anybody asks whose it is."""
    if not host:
        return Fault.EMPTY
    if _is_network_address(host):
        return Fault.NUMERIC
    labels = host.split(".")
    if not all(LABEL.match(label) for label in labels):
        return Fault.MALFORMED
    if len(host) > MAX_LENGTH:
        return Fault.TOO_LONG
    if labels[-1] in SPECIAL and not f".{host}".endswith(f".{base_domain}"):
        return Fault.SPECIAL
    if len(labels) == 1:
        return Fault.SINGLE
    if labels[-1].isdigit():
        return Fault.NUMERIC
    return Fault.OURS if f".{host}".endswith(f".{base_domain}") else None


def shown(host: str) -> str:
    """Return the host name as people write it, letters instead of Punycode."""
    try:
        return idna.decode(host)
    except idna.IDNAError:
        return host


def may_be_whole_domain(host: str) -> bool:
    """Tell whether the name may be a whole domain (`ville.example`): the DNS allows no CNAME record there."""
    return host.count(".") == 1 or (host.count(".") == 2 and len(host.split(".")[-2]) <= 3)


def _is_network_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
