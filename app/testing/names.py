"""Names on the internet as tests see them: there are none, so that no test asks the world's name servers."""

import socket
from collections.abc import Sequence


def numbers_alone(host: str, port: int) -> Sequence[str]:
    """Return the address that a host is written as, in any way that a machine understands, and this machine's own."""
    try:
        found = socket.getaddrinfo(
            "127.0.0.1" if host == "localhost" else host,
            port,
            type=socket.SOCK_STREAM,
            flags=socket.AI_NUMERICHOST,
        )
    except (OSError, UnicodeError):
        return []
    return [str(each[4][0]) for each in found]
