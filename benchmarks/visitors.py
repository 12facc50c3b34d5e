"""Signed-in visitors who send forms, on few connections and for little processor time: one process, no client library."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from app.web.hosts import SITE

COOKIE = "__Host-parvis"
TRIES = 40
AGAIN_AFTER = 0.25


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    location: str
    body: bytes


@dataclass
class Visitor:
    """A browser that somebody is signed in with; `sent` is what she knows by heart until she needs it."""

    number: int
    cookie: str
    token: str
    sent: bytes = b""
    chosen: tuple[int, ...] = ()


@dataclass
class Times:
    """How long each kind of request took, by name, in seconds; and how often one had to be sent again."""

    taken: dict[str, list[float]] = field(default_factory=dict)
    again: int = 0

    def note(self, name: str, seconds: float) -> None:
        """Keep the time of one request."""
        self.taken.setdefault(name, []).append(seconds)


def cookies(app: Flask, city: str, keys: Iterable[str]) -> list[Visitor]:
    """Return a visitor for each secret of a session, with the cookie and the token of forms that go with it."""
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    forms = URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token")
    assert signer is not None
    found = []
    for number, key in enumerate(keys):
        raw = secrets.token_hex(20)
        held = {"_user_id": key, "_fresh": True, SITE: city, "csrf_token": raw}
        found.append(Visitor(number, str(signer.dumps(held)), str(forms.dumps(raw))))
    return found


class Connection:
    """One connection to the web server, opened again when it was lost."""

    def __init__(self, host: str, port: int, times: Times) -> None:
        self._host, self._port, self._times = host, port, times
        self._pipe: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, visitor: Visitor, name: str, path: str) -> Answer:
        """Ask for a page."""
        return await self._ask(visitor, name, f"GET {path}", b"")

    async def post(
        self,
        visitor: Visitor,
        name: str,
        path: str,
        form: Mapping[str, object] | Sequence[tuple[str, object]],
    ) -> Answer:
        """Send a form."""
        fields = form.items() if isinstance(form, Mapping) else form
        return await self.send(
            visitor, name, path, urlencode([*fields, ("csrf_token", visitor.token)]).encode()
        )

    async def send(self, visitor: Visitor, name: str, path: str, body: bytes) -> Answer:
        """Send a form that is written already."""
        return await self._ask(visitor, name, f"POST {path}", body)

    async def _ask(self, visitor: Visitor, name: str, line: str, body: bytes) -> Answer:
        """Ask until there is an answer, as somebody does who presses the button again; the time counts from the first."""
        began = time.perf_counter()
        for _try in range(TRIES):
            try:
                answer = await self._once(visitor, line, body)
            except (OSError, EOFError):
                self.close()
            else:
                if answer.status < 500:
                    self._times.note(name, time.perf_counter() - began)
                    return answer
            self._times.again += 1
            await asyncio.sleep(AGAIN_AFTER)
        raise SystemExit(f"no answer to {line}")

    async def _once(self, visitor: Visitor, line: str, body: bytes) -> Answer:
        reader, writer = self._pipe or await self._open()
        head = f"{line} HTTP/1.1\r\nHost: {self._host}\r\nAccept-Language: en\r\nCookie: {COOKIE}={visitor.cookie}\r\n"
        if body:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        writer.write(head.encode() + b"\r\n" + body)
        return await self._read(reader, visitor)

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        self._pipe = await asyncio.open_connection("127.0.0.1", self._port)
        return self._pipe

    async def _read(self, reader: asyncio.StreamReader, visitor: Visitor) -> Answer:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status, length, location, ends = int(head[0].split(" ")[1]), 0, "", False
        for line in head[1:]:
            name, _, value = line.partition(": ")
            match name.lower():
                case "content-length":
                    length = int(value)
                case "location":
                    location = value
                case "connection":
                    ends = value.lower() == "close"
                case "set-cookie" if value.startswith(COOKIE):
                    visitor.cookie = value.partition("=")[2].partition(";")[0]
        body = await reader.readexactly(length)
        if ends:
            self.close()
        return Answer(status, location, body)

    def close(self) -> None:
        """Let the connection go."""
        if self._pipe is not None:
            self._pipe[1].close()
            self._pipe = None


async def visit(
    visitors: Sequence[Visitor],
    connections: Sequence[Connection],
    act: Callable[[Connection, Visitor], Awaitable[None]],
) -> float:
    """Let everybody act, as many at a time as there are connections; returns how long that took."""
    waiting = iter(visitors)

    async def serve(connection: Connection) -> None:
        for visitor in waiting:
            await act(connection, visitor)

    began = time.perf_counter()
    await asyncio.gather(*(serve(connection) for connection in connections))
    return time.perf_counter() - began
