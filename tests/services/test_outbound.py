"""Requests to what cities type reach the open internet, and nothing inside."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address, IPv6Address, ip_address

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Invalid
from app.services.internet import is_public
from app.services.outbound import check_address, checked_host, client
from tests.certificates import certificate

OUTSIDE = "93.184.215.14"


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.2/")
            self.end_headers()
            return
        self.send_response(200)
        if self.path == "/packed":
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if self.path == "/drip":
            for _each in range(100):
                time.sleep(0.05)
                self.wfile.write(b".")
        else:
            self.wfile.write(b"x" * (5000 if self.path == "/long" else 5))

    def log_message(self, *_args):
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    served = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield served
    served.shutdown()
    served.server_close()


@pytest.fixture
def allow(app) -> Iterator[Callable[..., None]]:
    usual = app.config["PARVIS"]

    def only(*entries: str) -> None:
        app.config["PARVIS"] = replace(usual, outbound_allow=entries)

    with app.app_context():
        only()
        yield only
    app.config["PARVIS"] = usual


def leads_to(*addresses: str):
    return lambda _host, _port: list(addresses)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.10",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.5.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2001:0:53aa:64c::1",
        "2001:db8::1",
        "3fff::1",
        "fd00:ec2::254",
        "fc00::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "100::1",
        "5f00::1",
    ],
)
def test_an_address_of_the_inside_is_not_public(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", OUTSIDE, "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::1"],
)
def test_an_address_of_the_internet_is_public(address):
    assert is_public(ip_address(address))


@given(st.integers(0, 2**32 - 1))
def test_an_address_that_carries_another_is_as_public_as_that(number):
    plain = is_public(IPv4Address(number))
    assert is_public(IPv6Address((0xFFFF << 32) | number)) == plain
    assert is_public(IPv6Address((0x0064FF9B << 96) | number)) == plain
    assert is_public(IPv6Address((0x2002 << 112) | (number << 80))) == plain


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "whole address"),
        ("www.example.org", "whole address"),
        ("https://", "whole address"),
        ("https://[::1", "whole address"),
        ("https://example.org:99999/", "whole address"),
        ("https://example.org/a b", "whole address"),
        ("javascript:alert(1)", "whole address"),
        ("ftp://example.org/", "whole address"),
        ("http://example.org/", "https://"),
        ("https://clerk:secret@example.org/", "password"),
        ("https://example.org/#part", "#"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_with_the_reason(allow, url, said):
    with pytest.raises(Invalid, match=said):
        check_address(url, resolve=leads_to(OUTSIDE))


@pytest.mark.parametrize(
    "host", ["10.0.0.1", "[::ffff:169.254.169.254]", "[::1]", "2130706433", "0x7f.1", "127.1", "localhost"]
)
def test_an_address_of_the_inside_is_refused_however_it_is_written(allow, host):
    with pytest.raises(Invalid, match="not on the open internet"):
        check_address(f"https://{host}/")


def test_an_address_of_the_internet_is_taken(allow):
    assert check_address(" https://example.org/hook?x=1 ", resolve=leads_to(OUTSIDE)).endswith("hook?x=1")


def test_a_name_without_a_server_is_refused(allow):
    with pytest.raises(Invalid, match="no server called"):
        check_address("https://example.org/", resolve=leads_to())


def test_one_address_inside_makes_the_whole_name_suspect(allow):
    with pytest.raises(Invalid, match="open internet"):
        check_address("https://example.org/", resolve=leads_to(OUTSIDE, "10.0.0.1"))
    with pytest.raises(Invalid):
        check_address("https://example.org/", resolve=leads_to(OUTSIDE, "fe80::1%eth0"))


def test_a_name_that_means_something_else_the_second_time_leads_nowhere(allow, server):
    answers = [[OUTSIDE], ["127.0.0.1"]]
    url = f"https://rebinding.example:{server.server_port}/"
    check_address(url, resolve=lambda *_: answers.pop(0))
    with (
        client(resolve=lambda *_: answers.pop(0)) as outside,
        pytest.raises(httpx.ConnectError, match="open internet"),
    ):
        outside.get(url)
    assert answers == []


def test_a_connection_goes_to_the_very_address_that_was_looked_at(allow, server):
    allow(f"inside.example:{server.server_port}")
    answers = [["127.0.0.1"], ["127.0.0.2"]]
    with client(resolve=lambda *_: answers.pop(0)) as outside:
        assert outside.get(f"http://inside.example:{server.server_port}/").text == "xxxxx"
    assert answers == [["127.0.0.2"]]


@pytest.mark.parametrize("entry", ["127.0.0.1", "127.0.0.0/30", "127.0.0.1:{port}"])
def test_a_server_that_the_operator_names_is_reached_without_https(allow, server, entry):
    allow(entry.format(port=server.server_port))
    url = f"http://127.0.0.1:{server.server_port}/"
    assert check_address(url) == url
    with client() as outside:
        assert outside.get(url).status_code == 200


def test_naming_one_port_lets_nobody_reach_another(allow, server):
    allow(f"127.0.0.1:{server.server_port + 1}")
    with client() as outside, pytest.raises(httpx.HTTPError):
        outside.get(f"https://127.0.0.1:{server.server_port}/")
    with pytest.raises(Invalid):
        checked_host("127.0.0.1", server.server_port)
    assert checked_host("127.0.0.1", server.server_port + 1) == "127.0.0.1"


def test_plain_http_goes_nowhere_else(allow):
    with client(resolve=leads_to(OUTSIDE)) as outside, pytest.raises(httpx.UnsupportedProtocol):
        outside.get("http://example.org/")


def test_a_redirect_is_an_answer_and_is_not_followed(allow, server):
    allow("127.0.0.1")
    with client() as outside:
        assert outside.get(f"http://127.0.0.1:{server.server_port}/elsewhere").status_code == 302


def test_an_answer_that_is_too_long_is_not_read(allow, server):
    allow("127.0.0.1")
    with client(most_bytes=3000) as outside, pytest.raises(httpx.ReadError):
        outside.get(f"http://127.0.0.1:{server.server_port}/long")


def test_a_packed_answer_is_not_unpacked(allow, server):
    allow("127.0.0.1")
    with client() as outside, pytest.raises(httpx.DecodingError):
        outside.get(f"http://127.0.0.1:{server.server_port}/packed")


def test_an_answer_that_comes_drop_by_drop_is_given_up(allow, server):
    allow("127.0.0.1")
    with client(timeout=0.3) as outside, pytest.raises(httpx.ReadTimeout):
        outside.get(f"http://127.0.0.1:{server.server_port}/drip")


def test_a_name_that_nobody_answers_for_is_given_up(allow):
    waits = threading.Event()
    with (
        client(timeout=0.2, resolve=lambda *_: [str(waits.wait(30))]) as outside,
        pytest.raises(httpx.ConnectError),
    ):
        outside.get("https://slow.example/")
    waits.set()


def test_tls_asks_for_the_name_though_the_connection_goes_to_an_address(allow, server, tmp_path):
    allow("127.0.0.1")
    pem = certificate("hooks.example", tmp_path / "pair.pem")
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(tmp_path / "pair.pem")
    server.socket = ours.wrap_socket(server.socket, server_side=True)
    trusting = ssl.create_default_context(cadata=pem)
    port = server.server_port
    with client(resolve=leads_to("127.0.0.1"), verify=trusting) as outside:
        assert outside.get(f"https://hooks.example:{port}/").status_code == 200
    with (
        client(resolve=leads_to("127.0.0.1"), verify=trusting) as outside,
        pytest.raises(httpx.ConnectError, match=r"CERTIFICATE_VERIFY_FAILED|certificate verify"),
    ):
        outside.get(f"https://other.example:{port}/")
