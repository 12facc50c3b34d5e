"""A DNS server that knows nothing, so that no question leaves the machine or waits for an answer."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from dns import message, rcode
from flask import Flask


class _Answer(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        question, socket = self.request
        answer = message.make_response(message.from_wire(question))
        answer.set_rcode(rcode.NXDOMAIN)
        socket.sendto(answer.to_wire(), self.client_address)


@contextmanager
def empty_dns(app: Flask) -> Iterator[None]:
    """Let the application ask this server alone for as long as the block lasts."""
    usual = app.config["PARVIS"]
    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), _Answer) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        host, port = server.server_address[:2]
        app.config["PARVIS"] = replace(usual, dns_servers=(f"{host!s}:{port}",))
        try:
            yield
        finally:
            app.config["PARVIS"] = usual
            server.shutdown()
            thread.join()
