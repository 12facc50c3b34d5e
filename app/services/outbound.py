"""The door for requests to addresses that a city or a person typed: to the open internet, and nowhere inside.

The name is resolved here, every address is looked at, and the connection goes to one that was looked at, so that a name
which means something else a moment later leads nowhere. TLS goes on asking for the name.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpcore
import httpx
from flask import current_app

from app.core.errors import Invalid
from app.core.i18n import gettext as _
from app.services.internet import Address, is_public, read_address, read_network

MOST_BYTES = 1024 * 1024
LONGEST_ADDRESS = 2000
RESOLVE_SECONDS = 5.0
MOST_ADDRESSES = 4
RESOLVER = "parvis_resolver"
PORTS = {"https": 443, "http": 80}

Resolve = Callable[[str, int], Sequence[str]]


class Refused(httpcore.ConnectError):
    """The address leads somewhere inside, or its name means nothing; callers see httpx.ConnectError."""


def client(
    *,
    timeout: float = 10,
    most_bytes: int = MOST_BYTES,
    resolve: Resolve | None = None,
    verify: ssl.SSLContext | None = None,
) -> httpx.Client:
    """Return a client for one request to such an address; `timeout` is for all of it, answer and name included.

    It follows no redirect, keeps no connection, and fails with an httpx.HTTPError for whatever is refused or too much.
    """
    return httpx.Client(
        transport=transport(timeout=timeout, most_bytes=most_bytes, resolve=resolve, verify=verify),
        timeout=timeout,
        follow_redirects=False,
        trust_env=False,
        # What is packed is smaller than what comes out of it: the limit would mean nothing.
        headers={"Accept-Encoding": "identity", "User-Agent": "Parvis"},
    )


def transport(
    *,
    timeout: float = 10,
    most_bytes: int = MOST_BYTES,
    resolve: Resolve | None = None,
    verify: ssl.SSLContext | None = None,
) -> httpx.BaseTransport:
    """Return what `client` goes through, for libraries that make an httpx client of their own."""
    return _Transport(_Backend(_allowed(), resolve or _resolver(), timeout, most_bytes), verify)


def check_address(url: str, *, resolve: Resolve | None = None) -> str:
    """Return an address that somebody typed; raises Invalid where requests to it would be refused."""
    text = url.strip()
    parts = _split(text)
    host, allowed = parts.hostname or "", _allowed()
    try:
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        host, port = "", 0
    if not host or not port or len(text) > LONGEST_ADDRESS or not text.isprintable() or " " in text:
        raise Invalid(_("Write a whole address, such as https://www.example.org/notices."))
    if parts.scheme != "https" and not _names(allowed, host, port):
        raise Invalid(_("The address must begin with https://."))
    if parts.username is not None or parts.password is not None:
        raise Invalid(_("Leave the name and the password out of the address."))
    if parts.fragment:
        raise Invalid(_("Leave out what follows the # in the address."))
    checked_host(host, port, resolve=resolve)
    return text


def checked_host(host: str, port: int, *, resolve: Resolve | None = None) -> str:
    """Return an address of `host` to connect to, for what is not HTTP, as SMTP; raises Invalid when there is none."""
    allowed = _allowed()
    found = _resolved(host, port, resolve or _resolver(), RESOLVE_SECONDS)
    if not found and not _names(allowed, host, port):
        raise Invalid(_("There is no server called %(host)s. Check the spelling.", host=host))
    if not _may_reach(found, host, port, allowed):
        raise Invalid(
            _("%(host)s is not on the open internet. Your operator can allow servers of your own.", host=host)
        )
    return str(found[0]) if found else host


def look_up(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a name as this machine resolves it; none when it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(each[4][0]) for each in found]


def _resolver() -> Resolve:
    """Return what names are resolved with; tests put something else there."""
    found: Resolve = current_app.extensions.get(RESOLVER, look_up)
    return found


def _allowed() -> frozenset[str]:
    allowed: Iterable[str] = current_app.config["PARVIS"].outbound_allow
    return frozenset(each.lower() for each in allowed)


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def _names(allowed: frozenset[str], host: str, port: int) -> bool:
    """Tell whether the operator has named this very host, or its address as it was typed."""
    name = host.lower().rstrip(".")
    address = read_address(name)
    return (
        name in allowed or f"{name}:{port}" in allowed or (address is not None and _holds(allowed, address))
    )


def _holds(allowed: frozenset[str], address: Address) -> bool:
    networks = (read_network(each) for each in allowed)
    return any(network is not None and address in network for network in networks)


def _may_reach(found: Sequence[Address], host: str, port: int, allowed: frozenset[str]) -> bool:
    """Tell whether no address of a host leads inside: one that does makes all of them suspect."""
    if _names(allowed, host, port):
        return True
    return bool(found) and all(is_public(each) or _holds(allowed, each) for each in found)


def _resolved(host: str, port: int, resolve: Resolve, seconds: float) -> list[Address]:
    """Return the addresses of a name; none when it takes longer than `seconds`, which a resolver cannot be told."""
    answer: list[str] = []
    asking = threading.Thread(target=lambda: answer.extend(resolve(host, port)), daemon=True)
    asking.start()
    asking.join(max(seconds, 0))
    read = [read_address(each) for each in tuple(answer)]
    # One that cannot be read (a link's own, `fe80::1%eth0`) is none of the internet: better no answer than half of it.
    return [each for each in read if each is not None] if None not in read else []


@dataclass(frozen=True, slots=True)
class _Backend(httpcore.NetworkBackend):
    """Connects to what was looked at; each connection serves one request, so that its limits are the request's."""

    allowed: frozenset[str]
    resolve: Resolve
    seconds: float
    most_bytes: int

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        ends = time.monotonic() + self.seconds
        found = _resolved(host, port, self.resolve, min(self.seconds, RESOLVE_SECONDS))
        if not _may_reach(found, host, port, self.allowed) or not found:
            raise Refused("the address is not on the open internet")
        stream = self._connect_to_first(found, port, ends)
        return _Stream(stream, _Limits(ends, self.most_bytes))

    def _connect_to_first(self, found: Sequence[Address], port: int, ends: float) -> httpcore.NetworkStream:
        """Connect to the first address that answers; a machine without IPv6 is given such addresses, too."""
        for address in found[:-1][:MOST_ADDRESSES]:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return httpcore.SyncBackend().connect_tcp(str(address), port, _left(ends) / 2)
        return httpcore.SyncBackend().connect_tcp(str(found[-1]), port, _left(ends))

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        raise Refused("there is no way to a socket of this machine")


@dataclass(slots=True)
class _Limits:
    ends: float
    bytes_left: int


@dataclass(frozen=True, slots=True)
class _Stream(httpcore.NetworkStream):
    """A connection that ends when its time is up or too much has come."""

    inner: httpcore.NetworkStream
    limits: _Limits

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        got = self.inner.read(max_bytes, _left(self.limits.ends))
        self.limits.bytes_left -= len(got)
        if self.limits.bytes_left < 0:
            raise httpcore.ReadError("the answer is too long")
        return got

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.inner.write(buffer, _left(self.limits.ends))

    def close(self) -> None:
        self.inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self.inner.start_tls(ssl_context, server_hostname, _left(self.limits.ends))
        return _Stream(inner, self.limits)

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the request took too long")
    return left


@cache
def _trusted() -> ssl.SSLContext:
    """Return the authorities that are trusted: those of `SSL_CERT_FILE` where the operator has set it."""
    return httpx.create_ssl_context()


class _Transport(httpx.HTTPTransport):
    def __init__(self, backend: _Backend, verify: ssl.SSLContext | None) -> None:
        context = verify or _trusted()
        super().__init__(verify=context)
        self._backend = backend
        # httpx has no argument for the backend; the tests fail if the pool is no longer where it is.
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_keepalive_connections=0,
            network_backend=backend,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        port = request.url.port or PORTS.get(request.url.scheme, 0)
        plain = request.url.scheme != "https"
        if plain and not _names(self._backend.allowed, request.url.host, port):
            raise httpx.UnsupportedProtocol("only https leads outside", request=request)
        answer = super().handle_request(request)
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            answer.close()
            raise httpx.DecodingError("the answer is packed, which was not asked for", request=request)
        return answer
