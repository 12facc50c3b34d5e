import socket
import threading
from dataclasses import replace
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller

from app.services.mail import FolderDoor, Mail, NullDoor
from app.services.mail_doors import open_door
from app.services.refusals import Refused
from app.services.smtp import SmtpDoor, as_message
from devstack.services.process import free_port

MAIL = Mail("ada@example.org", "Paris", "no-reply@parvis.example", "Two\nlines", "Text", "<p>Text</p>", "fr")


@pytest.fixture
def plain_server():
    """An SMTP server that offers no TLS and writes down what it is told."""
    listener = socket.create_server(("127.0.0.1", 0))
    heard = []

    def serve():
        connection, _address = listener.accept()
        with connection, connection.makefile("rwb", buffering=0) as stream:
            stream.write(b"220 hello\r\n")
            for line in stream:
                heard.append(line.decode().strip())
                answers = {b"EHLO": b"250 AUTH PLAIN\r\n", b"QUIT": b"221 bye\r\n"}
                stream.write(answers.get(line[:4], b"250 ok\r\n"))

    threading.Thread(target=serve, daemon=True).start()
    yield listener.getsockname()[1], heard
    listener.close()


def test_a_password_is_not_sent_without_tls(plain_server):
    port, heard = plain_server
    with pytest.raises(OSError, match="TLS"):
        SmtpDoor(f"smtp://me:secret@127.0.0.1:{port}").send(MAIL)
    assert not any("AUTH" in line for line in heard)


def test_a_mail_says_that_a_machine_wrote_it_and_keeps_its_subject_on_one_line():
    message = as_message(MAIL)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Subject"] == "Two lines"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    ("url", "kind"), [("null:", NullDoor), ("file:///x", FolderDoor), ("smtps://h", SmtpDoor)]
)
def test_the_address_says_which_way_mails_go(url, kind):
    assert isinstance(open_door(url), kind)


def test_an_unknown_way_is_refused():
    with pytest.raises(ValueError, match="MAIL_URL"):
        open_door("pigeon://roof")


class Postbox:
    """A real SMTP server's idea of what to take."""

    def __init__(self):
        self.taken = []
        self.connections = 0

    async def handle_EHLO(self, _server, session, _envelope, hostname):  # noqa: N802  aiosmtpd's name
        self.connections += 1
        session.host_name = hostname
        return "250 HELP"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if address.startswith("gone"):
            return "550 5.1.1 nobody here"
        if address.startswith("full"):
            return "452 4.2.2 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        self.taken.append((envelope.mail_from, envelope.rcpt_tos[0], envelope.content))
        return "250 taken"


@pytest.fixture
def postbox():
    box = Postbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    box.url = f"smtp://127.0.0.1:{port}"
    yield box
    controller.stop()


def test_several_mails_go_through_one_connection_and_a_refused_one_holds_nobody_up(postbox):
    refused = {}
    with SmtpDoor(postbox.url).session() as send:
        for name in ("ada", "gone", "full", "bob"):
            try:
                send(replace(MAIL, recipient=f"{name}@example.org"))
            except Refused as error:
                refused[name] = (error.code, error.for_good)
    assert refused == {"gone": (550, True), "full": (452, False)}
    assert [to for _from, to, _content in postbox.taken] == ["ada@example.org", "bob@example.org"]
    assert postbox.connections == 1


def test_a_mail_says_who_it_is_and_where_its_failures_go(postbox):
    more = {"reply_to": "hello@paris.example", "returns_to": "back+1@parvis.example", "ident": "n1"}
    SmtpDoor(postbox.url).send(replace(MAIL, **more, headers={"List-Unsubscribe": "<https://x/u>"}))
    [(returns_to, _to, content)] = postbox.taken
    message = message_from_bytes(content)
    assert returns_to == "back+1@parvis.example"
    assert message["Message-ID"] == "<n1@parvis.example>"
    assert message["Reply-To"] == "hello@paris.example"
    assert message["List-Unsubscribe"] == "<https://x/u>"


def test_the_address_that_was_checked_is_connected_to(postbox):
    port = postbox.url.rpartition(":")[2]
    SmtpDoor(f"smtp://mail.nowhere.invalid:{port}", reach="127.0.0.1").send(MAIL)
    assert len(postbox.taken) == 1
