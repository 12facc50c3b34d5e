"""Virus scanners: none, or clamd, to which a file is streamed (`INSTREAM` of its own protocol)."""

import re
import socket
import struct
from dataclasses import dataclass
from typing import IO, Protocol
from urllib.parse import urlsplit

from flask import current_app

PIECE = 1 << 16
CONNECT_SECONDS, ANSWER_SECONDS = 10, 120
MOST_ANSWER = 4096
_FOUND = re.compile(r"stream: (.+) FOUND\Z")


class ScannerAway(OSError):
    """The scanner cannot be asked now, or cannot take the file; the text says why and names no file."""


class Scanner(Protocol):
    """Whoever looks for viruses."""

    def look(self, stream: IO[bytes]) -> str:
        """Return what was found in the file, empty for nothing; raises ScannerAway."""


class NoScanner:
    """Finds nothing, as it does not look; files are then marked as unscanned."""

    def look(self, stream: IO[bytes]) -> str:
        """Return nothing."""
        return ""


@dataclass(frozen=True, slots=True)
class Clamd:
    """The daemon of ClamAV, over TCP or a socket of this machine."""

    host: str = ""
    port: int = 3310
    path: str = ""

    def look(self, stream: IO[bytes]) -> str:
        """Send the file in pieces and read the verdict."""
        try:
            with self._connect() as line:
                line.settimeout(ANSWER_SECONDS)
                return _verdict(_asked(line, stream))
        except OSError as error:
            if isinstance(error, ScannerAway):
                raise
            raise ScannerAway(f"clamd does not answer: {type(error).__name__}") from error

    def _connect(self) -> socket.socket:
        if not self.path:
            return socket.create_connection((self.host, self.port), timeout=CONNECT_SECONDS)
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(CONNECT_SECONDS)
        line.connect(self.path)
        return line


def _asked(line: socket.socket, stream: IO[bytes]) -> str:
    line.sendall(b"zINSTREAM\0")
    try:
        while piece := stream.read(PIECE):
            line.sendall(struct.pack("!L", len(piece)) + piece)
        line.sendall(struct.pack("!L", 0))
    except (BrokenPipeError, ConnectionResetError):
        # Of a file that is too large for it clamd says so and hangs up in the middle.
        pass
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < MOST_ANSWER:
        piece = line.recv(MOST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0\r\n").decode("utf-8", "replace")


def _verdict(answer: str) -> str:
    if answer == "stream: OK":
        return ""
    found = _FOUND.match(answer)
    if found:
        return found[1][:200]
    raise ScannerAway(f"clamd answers: {answer[:100] or 'nothing'}")


def open_scanner(url: str) -> Scanner:
    """Return the scanner that `SCANNER_URL` names; raises ValueError for an unknown one."""
    parts = urlsplit(url)
    if parts.scheme == "null":
        return NoScanner()
    if parts.scheme == "clamd":
        return Clamd(parts.hostname or "", parts.port or 3310, "" if parts.hostname else parts.path)
    raise ValueError("SCANNER_URL is null: or begins with clamd://")


def scanner() -> Scanner:
    """Return the deployment's scanner."""
    return open_scanner(current_app.config["PARVIS"].scanner_url)


def is_configured() -> bool:
    """Tell whether files wait for a scanner."""
    return not isinstance(scanner(), NoScanner)
