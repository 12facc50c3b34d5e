import ipaddress
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.hostnames import Fault, clean, fault, may_be_whole_domain, shown

BASE = "parvis.example"


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("services.ville.fr", "services.ville.fr"),
        ("  Services.Ville.FR. ", "services.ville.fr"),
        ("https://services.ville.fr/start?x=1#y", "services.ville.fr"),
        ("http://user:secret@services.ville.fr:8080/a b", "services.ville.fr"),
        ("services.ville.fr:443", "services.ville.fr"),
        ("székesfehérvár.hu", "xn--szkesfehrvr-t7a9gg.hu"),
        ("MÜNCHEN.de", "xn--mnchen-3ya.de"),
        ("xn--mnchen-3ya.de", "xn--mnchen-3ya.de"),
        ("ｗｗｗ．ville．fr", "www.ville.fr"),
        ("", ""),
        ("https://", ""),
    ],
)
def test_what_is_pasted_becomes_a_host_name(typed, host):
    assert clean(typed) == host


@pytest.mark.parametrize(
    ("host", "wrong"),
    [
        ("services.ville.fr", None),
        ("ville.fr", None),
        ("xn--mnchen-3ya.de", None),
        ("a.b.c.d.e.ville.fr", None),
        ("notparvis.example", None),
        ("", Fault.EMPTY),
        ("192.0.2.1", Fault.NUMERIC),
        ("2001:db8::1", Fault.NUMERIC),
        ("300.1.1.1", Fault.NUMERIC),
        ("ville", Fault.SINGLE),
        ("ville..fr", Fault.MALFORMED),
        ("-ville.fr", Fault.MALFORMED),
        ("vil_le.fr", Fault.MALFORMED),
        ("*.ville.fr", Fault.MALFORMED),
        ("ville.fr'; --", Fault.MALFORMED),
        ("a" * 64 + ".fr", Fault.MALFORMED),
        (".".join(["a" * 60] * 4) + ".fr", Fault.TOO_LONG),
        ("printer.local", Fault.SPECIAL),
        ("localhost", Fault.SPECIAL),
        ("1.0.0.127.in-addr.arpa", Fault.SPECIAL),
        ("parvis.example", Fault.OURS),
        ("paris.parvis.example", Fault.OURS),
        ("a.paris.parvis.example", Fault.OURS),
    ],
)
def test_what_cannot_be_a_citys_domain_is_told_apart(host, wrong):
    assert fault(host, BASE) is wrong


def test_names_below_a_base_domain_for_development_are_ours_and_not_merely_special():
    assert fault("paris.parvis.localhost", "parvis.localhost") is Fault.OURS


def test_international_names_are_shown_with_their_letters():
    assert shown("xn--mnchen-3ya.de") == "münchen.de"
    assert shown("xn--a.de") == "xn--a.de"


@pytest.mark.parametrize(
    ("host", "whole"),
    [("ville.fr", True), ("ville.co.uk", True), ("services.ville.fr", False), ("www.paris.fr", False)],
)
def test_whole_domains_get_another_kind_of_record(host, whole):
    assert may_be_whole_domain(host) is whole


@given(st.text(max_size=80))
def test_whatever_is_typed_is_either_refused_or_a_host_name_that_stays_itself(typed):
    host = clean(typed)
    if fault(host, BASE) is None:
        assert set(host) <= set(string.ascii_lowercase + string.digits + ".-")
        assert not host.endswith(f".{BASE}")
        assert clean(host) == host
        assert clean(f"https://{host}:8443/path") == host


@given(st.ip_addresses())
def test_no_network_address_is_a_domain(address):
    text = f"[{address}]" if isinstance(address, ipaddress.IPv6Address) else str(address)
    assert fault(clean(text), BASE) is Fault.NUMERIC
    assert fault(clean(f"http://{text}:80/"), BASE) in (Fault.NUMERIC, Fault.MALFORMED)
