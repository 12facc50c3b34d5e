"""An SMTP server in a process of its own that writes down what it takes: when, which mail, to whom."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from devstack.services.process import free_port


@dataclass(frozen=True, slots=True)
class Taken:
    """One mail as it arrived."""

    at: float
    ident: str
    recipient: str
    subject: str


@dataclass(frozen=True, slots=True)
class PostOffice:
    """The server, and what it has taken so far."""

    port: int
    book: Path

    @property
    def url(self) -> str:
        """Return the address as MAIL_URL has it."""
        return f"smtp://127.0.0.1:{self.port}"

    def taken(self) -> list[Taken]:
        """Return all mails, as they came."""
        lines = self.book.read_text(encoding="utf-8").splitlines() if self.book.exists() else []
        return [Taken(float(parts[0]), *parts[1:4]) for parts in (line.split("\t") for line in lines)]

    def number(self) -> int:
        """Return how many mails were taken."""
        return self.book.read_bytes().count(b"\n") if self.book.exists() else 0


class _Clerk:
    def __init__(self, book: Path) -> None:
        # Unbuffered: what is answered with 250 is written down, whatever happens next.
        self._book = book.open("ab", buffering=0)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        message = message_from_bytes(envelope.content)
        subject = " ".join(str(message["Subject"]).split())
        line = f"{time.time():.6f}\t{message['Message-ID']}\t{envelope.rcpt_tos[0]}\t{subject}\n"
        self._book.write(line.encode())
        return "250 taken"


def _serve(port: int, book: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    controller = Controller(_Clerk(book), hostname="127.0.0.1", port=port)
    controller.start()
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(0.5)


@contextmanager
def post_office(folder: Path) -> Iterator[PostOffice]:
    """Run the server for as long as the block takes."""
    office = PostOffice(free_port(), folder / "taken.tsv")
    server = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(office.port, office.book), daemon=True
    )
    server.start()
    try:
        yield office
    finally:
        server.kill()
        server.join()
