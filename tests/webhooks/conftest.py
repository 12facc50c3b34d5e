"""A program that is told of what happens, on a port of this machine."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from app.web.webhooks import keeping


class Receiver(ThreadingHTTPServer):
    """Takes messages; `answers` are the statuses of the next ones, 204 when there are none left."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Post)
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _headers, body in self.taken]


class Post(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append(({k.lower(): v for k, v in self.headers.items()}, body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.end_headers()
        self.wfile.write(b"thank you\x00")

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def hook(in_city, receiver):
    """Have the receiver told of events; returns the id of the webhook and its secret."""

    def add(*events: str, slug: str = "paris") -> tuple[Any, str]:
        with in_city(slug):
            webhook, secret = keeping.add("Receiver", receiver.url, events)
            return webhook.id, secret

    return add
