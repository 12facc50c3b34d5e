"""Operators' acts on a city, and a DNS that the test writes."""

from dataclasses import replace

import pytest

from app.core.context import serving
from app.core.db import end_transaction
from tenants import domains, lifecycle, resolve
from tests.tenants.life.acts import REASON, operating
from tests.tenants.life.name_server import NameServer


@pytest.fixture
def suspend(app):
    def close(reason=REASON, slug="paris"):
        with operating(app, slug) as record:
            lifecycle.suspend(record, reason)

    return close


@pytest.fixture
def resume(app):
    def open_again(slug="paris"):
        with operating(app, slug) as record:
            lifecycle.resume(record)

    return open_again


@pytest.fixture
def rename(app):
    def give(which="paris", /, **changes):
        with operating(app, which) as record:
            lifecycle.rename(record, **changes)

    return give


@pytest.fixture
def dns(app):
    """A DNS server that is the only one the product asks; the platform is at 192.0.2.10 and 2001:db8::10."""
    server, held = NameServer(), app.config["PARVIS"]
    app.config["PARVIS"] = replace(
        held,
        dns_servers=(server.address,),
        public_addresses=("192.0.2.10", "2001:DB8:0::10"),
        cname_target="parvis.example",
    )
    yield server
    app.config["PARVIS"] = held
    server.close()


@pytest.fixture
def in_town(app):
    """Work in one transaction of a city: `with in_town("paris") as city: …`."""

    class Town:
        def __init__(self, slug):
            self.slug = slug

        def __enter__(self):
            self.context = app.app_context()
            self.context.push()
            self.serving = serving(resolve.city_by_slug(self.slug))
            return self.serving.__enter__()

        def __exit__(self, kind, *rest):
            end_transaction(keep=kind is None)
            self.serving.__exit__(kind, *rest)
            self.context.pop()

    return Town


@pytest.fixture
def prove(dns, in_town):
    """Claim a domain for a city, put its proof into the DNS and have it looked at: `prove("ville.fr", "paris")`."""

    def claim_and_look(host, slug="paris", *, main=False):
        with in_town(slug) as city:
            domain = domains.add(city, host)
            name, value = domains.record_name(domain), domains.record_value(domain)
        dns.put(name, "TXT", f'"{value}"')
        dns.put(host, "A", "192.0.2.10")
        with in_town(slug) as city:
            domain = domains.settle(city, host, domains.look(host, value))
            assert domain.verified
            if main:
                domains.make_main(city, host)
        return value

    return claim_and_look
