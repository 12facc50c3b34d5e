from dataclasses import replace
from datetime import timedelta

import pytest

from app.core.clock import now
from app.core.errors import Conflict, Invalid, NotFound
from tenants import dns as asking
from tenants import domains, lifecycle
from tenants.dns import Finding, Leads
from tenants.models import CityState
from tests.tenants.life.acts import operating

HOST = "services.ville.fr"


def claim(in_town, host=HOST, slug="paris"):
    with in_town(slug) as city:
        domain = domains.add(city, host)
        return domains.record_name(domain), domains.record_value(domain)


def check(in_town, host=HOST, slug="paris"):
    with in_town(slug) as city:
        domain = domains.find(city.id, host)
        kept = domains.settle(city, host, domains.look(host, domains.record_value(domain)))
        return kept.verified, kept.finding, list(kept.seen), kept.leads, list(kept.leads_to)


def test_a_claim_is_proven_by_a_record_and_then_the_host_is_the_citys(dns, in_town, site):
    name, value = claim(in_town)
    assert (name, value[:14]) == (f"_parvis.{HOST}", "parvis-verify=")
    browser = site("paris")
    browser.host = HOST
    assert browser.get("/").status_code == 404
    dns.put(name, "TXT", f'"{value}"')
    dns.put(HOST, "A", "192.0.2.10")
    assert check(in_town) == (True, "found", [value], "here", ["192.0.2.10"])
    assert browser.get("/contact").location == "http://paris.parvis.localhost:8000/contact"


@pytest.mark.parametrize(
    ("records", "finding", "seen"),
    [
        ((), Finding.ABSENT, []),
        (('"v=spf1 -all"',), Finding.OTHER, ["v=spf1 -all"]),
        (('"parvis-verify=of-another-city"',), Finding.OTHER, ["parvis-verify=of-another-city"]),
        (('"' + "x" * 250 + '" "' + "y" * 250 + '"',), Finding.OTHER, [("x" * 250 + "y" * 250)[:300]]),
    ],
)
def test_what_is_found_instead_is_kept_to_be_shown(dns, in_town, records, finding, seen):
    name, _value = claim(in_town)
    if records:
        dns.put(name, "TXT", *records)
    verified, found, kept, _leads, _to = check(in_town)
    assert (verified, found, kept) == (False, finding, seen)


@pytest.mark.parametrize("form", ['"{}"', '"\\"{}\\""', '" {} "'])
def test_a_proof_is_found_however_the_provider_wraps_it(dns, in_town, form):
    name, value = claim(in_town)
    dns.put(name, "TXT", '"google-site-verification=1"', form.format(value))
    assert check(in_town)[:2] == (True, Finding.FOUND)


def test_a_proof_may_stand_under_another_name_that_this_one_leads_to(dns, in_town):
    name, value = claim(in_town)
    dns.put(name, "CNAME", "proofs.provider.example")
    dns.put("proofs.provider.example", "TXT", f'"{value}"')
    assert check(in_town)[0] is True


def test_silence_of_the_dns_is_no_finding_about_the_city(dns, in_town, prove):
    prove(HOST)
    dns.silent = True
    assert check(in_town) == (True, Finding.SILENT, [], "here", ["192.0.2.10"])


def test_a_server_that_still_remembers_nothing_does_not_hide_what_another_knows(app, dns, in_town):
    forgetful = type(dns)()
    config = app.config["PARVIS"]
    app.config["PARVIS"] = replace(config, dns_servers=(forgetful.address, dns.address))
    name, value = claim(in_town)
    dns.put(name, "TXT", f'"{value}"')
    try:
        assert check(in_town)[:2] == (True, Finding.FOUND)
        assert (name, "TXT") in forgetful.asked
    finally:
        forgetful.close()


@pytest.mark.parametrize(
    ("kind", "value", "leads"),
    [
        ("A", "192.0.2.10", Leads.HERE),
        ("AAAA", "2001:db8::10", Leads.HERE),
        ("A", "198.51.100.7", Leads.ELSEWHERE),
        (None, None, Leads.NOWHERE),
    ],
)
def test_where_the_host_leads_is_told(dns, in_town, kind, value, leads):
    claim(in_town)
    if kind:
        dns.put(HOST, kind, value)
    assert check(in_town)[3] == leads


def test_without_addresses_in_the_settings_those_of_the_target_are_ours(app, dns, in_town):
    app.config["PARVIS"] = replace(app.config["PARVIS"], public_addresses=())
    claim(in_town)
    dns.put("parvis.example", "A", "203.0.113.5")
    dns.put(HOST, "CNAME", "parvis.example")
    assert check(in_town)[3:] == ("here", ["203.0.113.5"])
    dns.take("parvis.example")
    dns.take(HOST)
    dns.put(HOST, "A", "203.0.113.5")
    assert check(in_town)[3] == Leads.UNKNOWN


def test_two_cities_may_claim_a_host_and_the_first_to_prove_it_has_it(dns, in_town, prove, site):
    _name, of_budapest = claim(in_town, slug="budapest")
    of_paris = prove(HOST, "paris")
    assert of_paris != of_budapest
    dns.put(f"_parvis.{HOST}", "TXT", f'"{of_paris}"', f'"{of_budapest}"')
    assert check(in_town, slug="budapest")[:2] == (False, Finding.TAKEN)
    browser = site("paris")
    browser.host = HOST
    assert browser.get("/").location == "http://paris.parvis.localhost:8000/"


def test_when_the_holder_gives_a_host_up_the_other_gets_it(dns, in_town, prove, site):
    _name, of_budapest = claim(in_town, slug="budapest")
    prove(HOST, "paris")
    with in_town("paris") as city:
        domains.remove(city, HOST)
    browser = site("paris")
    browser.host = HOST
    assert browser.get("/").status_code == 404
    dns.put(f"_parvis.{HOST}", "TXT", f'"{of_budapest}"')
    assert check(in_town, slug="budapest")[0] is True
    assert browser.get("/").location == "http://budapest.parvis.localhost:8000/"


def test_the_proof_of_one_city_proves_nothing_for_another(dns, in_town, prove):
    value = prove(HOST, "paris")
    with in_town("paris") as city:
        domains.remove(city, HOST)
    claim(in_town, slug="budapest")
    dns.put(f"_parvis.{HOST}", "TXT", f'"{value}"')
    assert check(in_town, slug="budapest")[:2] == (False, Finding.OTHER)


def test_a_missing_proof_costs_a_city_its_host_after_a_week(dns, in_town, prove, frozen, site):
    frozen("2026-11-01T10:00")
    prove(HOST, main=True)
    browser = site("paris")
    browser.host = HOST
    dns.take(f"_parvis.{HOST}")
    assert check(in_town)[:2] == (True, Finding.ABSENT)
    frozen("2026-11-08T09:59")
    assert check(in_town)[0] is True
    assert browser.get("/").status_code == 200
    frozen("2026-11-08T10:00")
    assert check(in_town)[0] is False
    assert browser.get("/").status_code == 404
    assert site("paris").get("/").status_code == 200


def test_a_proof_that_is_back_in_time_is_as_if_it_had_never_been_away(dns, in_town, prove, frozen):
    frozen("2026-11-01T10:00")
    value = prove(HOST)
    dns.take(f"_parvis.{HOST}")
    check(in_town)
    frozen("2026-11-06T10:00")
    dns.put(f"_parvis.{HOST}", "TXT", f'"{value}"')
    assert check(in_town)[0] is True
    dns.take(f"_parvis.{HOST}")
    frozen("2026-11-09T10:00")
    assert check(in_town)[0] is True


def test_what_is_to_be_looked_at_when(app, dns, in_town, prove, frozen):
    def due():
        with app.app_context():
            return [host for host, _city in domains.due()]

    frozen("2026-11-01T10:00")
    prove("proven.ville.fr")
    claim(in_town, "new.ville.fr")
    assert due() == ["new.ville.fr"]
    check(in_town, "new.ville.fr")
    assert due() == []
    frozen("2026-11-01T10:05")
    assert due() == ["new.ville.fr"]
    frozen("2026-11-15T10:01")
    assert due() == []
    frozen("2026-12-01T10:00")
    assert due() == ["proven.ville.fr"]
    dns.take("_parvis.proven.ville.fr")
    check(in_town, "proven.ville.fr")
    assert due() == []
    frozen("2026-12-01T22:00")
    assert due() == ["proven.ville.fr"]


def test_when_another_city_proves_a_host_its_holder_is_looked_at_soon(app, dns, in_town, prove):
    prove(HOST, "paris")
    _name, of_budapest = claim(in_town, slug="budapest")
    dns.put(f"_parvis.{HOST}", "TXT", f'"{of_budapest}"')
    check(in_town, slug="budapest")
    with app.app_context():
        assert (HOST, "testparis") in domains.due()


def test_a_claim_is_made_once_and_keeps_its_proof(dns, in_town):
    assert claim(in_town) == claim(in_town, "https://SERVICES.ville.fr/x")
    with in_town("paris") as city:
        assert [domain.host for domain in domains.of(city.id)] == [HOST]


@pytest.mark.parametrize("typed", ["", "ville", "192.0.2.1", "budapest.parvis.localhost", "x y", "a.local"])
def test_what_cannot_be_a_domain_is_refused_in_words(in_town, typed):
    with pytest.raises(Invalid) as refused, in_town("paris") as city:
        domains.add(city, typed)
    assert len(str(refused.value)) > 20


def test_a_city_claims_no_more_than_twenty(in_town):
    with in_town("paris") as city:
        for number in range(domains.MOST):
            domains.add(city, f"d{number}.ville.fr")
        with pytest.raises(Conflict):
            domains.add(city, "one-more.ville.fr")


def test_only_a_proven_domain_of_ones_own_becomes_the_main_one(in_town, prove):
    claim(in_town)
    with pytest.raises(Conflict), in_town("paris") as city:
        domains.make_main(city, HOST)
    prove("ville.hu", "budapest")
    with pytest.raises(NotFound), in_town("paris") as city:
        domains.make_main(city, "ville.hu")


def test_a_city_has_one_main_domain_at_most(in_town, prove):
    prove(HOST, main=True)
    prove("www.ville.fr", main=True)
    with in_town("paris") as city:
        assert [(d.host, d.main) for d in domains.of(city.id)] == [("www.ville.fr", True), (HOST, False)]
        domains.make_main(city, None)
        assert not any(domain.main for domain in domains.of(city.id))


def test_a_check_takes_a_few_seconds_at_most_when_no_server_answers(app, dns):
    dns.silent = True
    with app.app_context():
        assert domains.look(HOST, "parvis-verify=x").finding is Finding.SILENT
        assert asking.SECONDS * asking.MOST_SERVERS < 10


def test_claims_of_a_city_that_is_leaving_are_left_alone(app, in_town):
    claim(in_town)
    with operating(app) as record:
        until = now() + timedelta(days=30)
        lifecycle.change_state(record, CityState.ERASING, "city.closing", erase_at=until)
    with app.app_context():
        assert domains.due() == []
