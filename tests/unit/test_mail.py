import socket
import threading

import pytest

from app.services.mail import FolderDoor, Mail, NullDoor, SmtpDoor, as_message, open_door

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
