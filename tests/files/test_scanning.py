import io
import socketserver

import pytest

from app.core import stores
from app.core.db import db
from app.services.files import signed_link
from app.services.files.models import File, Scan
from app.services.files.scanning import Clamd as Client
from app.services.files.scanning import NoScanner, ScannerAway, open_scanner
from tests.files import papers
from tests.files.conftest import Clamd, running


def state(in_city, ident):
    with in_city("paris"):
        row = db.session.get_one(File, ident)
        return row.scan, row.found


def test_a_clean_file_is_given_out_once_the_scanner_has_seen_all_of_it(
    in_city, send, clamd, visitor, run_tasks
):
    content = b"a;b\n" * 100_000
    with in_city("paris"):
        sent = send(content, "a.csv")
        link = signed_link(sent.id)
    assert visitor.get(link).status_code == 409
    run_tasks()
    assert clamd.looked_at == [content]
    assert state(in_city, sent.id) == (Scan.CLEAN, "")
    assert visitor.get(link).data == content


def test_an_infected_file_is_put_aside_and_never_given_out(in_city, send, clamd, visitor, run_tasks, frozen):
    frozen("2026-11-22T10:00")
    with in_city("paris"):
        sent = send(papers.EICAR + b"\n", "eicar.txt")
        link = signed_link(sent.id)
    run_tasks()
    assert state(in_city, sent.id) == (Scan.INFECTED, "Eicar-Signature")
    answer = visitor.get(link)
    assert answer.status_code == 403
    assert papers.EICAR not in answer.data
    with in_city("paris"):
        assert [one.name for one in stores.store().kept("testparis")] == [f".quarantine/{sent.id}"]


def test_files_wait_while_the_scanner_is_away(in_city, send, clamd, run_tasks, frozen, app):
    frozen("2026-11-22T10:00")
    with in_city("paris"):
        sent = send()
    clamd.shutdown()
    clamd.server_close()
    run_tasks()
    assert state(in_city, sent.id) == (Scan.WAITING, "")
    frozen("2026-11-22T10:00:30")
    assert "files.scan" not in run_tasks()
    with running(type(clamd)(clamd.server_address, Clamd)):
        frozen("2026-11-22T10:01:01")
        assert "files.scan" in run_tasks()
    assert state(in_city, sent.id) == (Scan.CLEAN, "")


def test_a_file_that_is_too_large_for_the_scanner_is_not_taken_for_clean(in_city, send, clamd, run_tasks):
    clamd.most = 1000
    with in_city("paris"):
        sent = send(b"a;b\n" * 200_000, "a.csv")
    run_tasks()
    assert state(in_city, sent.id) == (Scan.WAITING, "")


def test_a_scanner_can_be_reached_through_a_socket_of_the_machine(tmp_path):
    class UnixServer(socketserver.ThreadingUnixStreamServer):
        pass

    path = tmp_path / "clamd.sock"
    with running(UnixServer(str(path), Clamd)):
        scanner = open_scanner(f"clamd://{path}")
        assert scanner.look(io.BytesIO(b"harmless")) == ""
        assert scanner.look(io.BytesIO(papers.EICAR)) == "Eicar-Signature"


def test_nobody_at_the_address_is_said_in_one_sentence(tmp_path):
    with pytest.raises(ScannerAway, match="does not answer"):
        Client(path=str(tmp_path / "none")).look(io.BytesIO(b""))


def test_scanners_are_named_by_their_addresses():
    assert isinstance(open_scanner("null:"), NoScanner)
    assert open_scanner("clamd://scanner:1234") == Client("scanner", 1234)
    with pytest.raises(ValueError, match="SCANNER_URL"):
        open_scanner("icap://x")
