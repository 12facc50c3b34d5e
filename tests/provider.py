"""A provider that takes messages over HTTP, as the world's do."""

import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class Provider(BaseHTTPRequestHandler):
    """Keeps what it is sent and answers as it is told."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        self.send_response(self.server.answer)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args):
        pass


@pytest.fixture
def provider(app):
    """A provider on this machine that the operator has allowed: `.url`, `.got`, `.answer`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    server.got, server.answer = [], 201
    server.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    usual = app.config["PARVIS"]
    app.config["PARVIS"] = replace(usual, outbound_allow=(f"127.0.0.1:{server.server_address[1]}",))
    with app.app_context():
        yield server
    app.config["PARVIS"] = usual
    server.shutdown()
    server.server_close()
