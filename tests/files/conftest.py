import io
import socketserver
import struct
import threading
from contextlib import contextmanager
from dataclasses import replace

import pytest

from app.core import stores
from app.services.files import ANYTHING, serves, store_upload
from app.services.files.uses import USES
from tests.files import papers


@pytest.fixture
def use():
    """A use that everybody may read; tests set `may_read` to something else."""

    class Made:
        name = "platform.letters"
        readers = staticmethod(lambda _file_id, _purpose: True)

        def asked(self, file_id, purpose):
            return self.readers(file_id, purpose)

    made = Made()
    serves(made.name, made.asked, accepts=ANYTHING, most_bytes=3_000_000)
    yield made
    del USES[made.name]


@pytest.fixture
def send(use):
    """Store a file for the use and return what pages show of it."""

    def send(content=papers.PDF, name="letter.pdf", **options):
        return store_upload(io.BytesIO(content), name, options.get("use", use.name))

    return send


class Clamd(socketserver.StreamRequestHandler):
    """Speaks as much of clamd's protocol as INSTREAM needs, strictly."""

    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            piece = self.rfile.read(size)
            assert len(piece) == size
            content += piece
            if len(content) > self.server.most:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.looked_at.append(content)
        infected = papers.EICAR in content
        self.wfile.write(b"stream: Eicar-Signature FOUND\0" if infected else b"stream: OK\0")


@contextmanager
def running(server):
    server.looked_at, server.most = [], 2_000_000
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class TcpServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True


@pytest.fixture
def clamd(app):
    """A scanner that the deployment asks."""
    with running(TcpServer(("127.0.0.1", 0), Clamd)) as server:
        config = app.config["PARVIS"]
        app.config["PARVIS"] = replace(config, scanner_url=f"clamd://127.0.0.1:{server.server_address[1]}")
        yield server
        app.config["PARVIS"] = config


@pytest.fixture(scope="session")
def s3():
    """A server that speaks S3."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"s3://key:secret@{host}:{port}/cities?region=eu-west-3&tls=no"
    server.stop()


@pytest.fixture
def bucket(app, s3):
    """A deployment that keeps its files in an empty bucket."""
    made = stores.open_bucket(s3)
    if not made.client.bucket_exists(made.bucket):
        made.client.make_bucket(made.bucket)
    for found in list(made.client.list_objects(made.bucket, recursive=True)):
        made.client.remove_object(made.bucket, found.object_name)
    before = app.extensions["parvis_store"]
    app.extensions["parvis_store"] = made
    yield made
    app.extensions["parvis_store"] = before
