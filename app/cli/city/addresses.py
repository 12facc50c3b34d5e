"""`parvis city domains …`: a city's own domains from the shell."""

from collections.abc import Iterable

import click

from app.cli.shell import MakeApp, Value, as_json, city_called, on_platform, show
from app.core.db import end_transaction
from tenants import domains, hostnames, lifecycle
from tenants.models import Domain


@click.group("domains")
def group() -> None:
    """Look after a city's own domains."""


@group.command("list")
@click.argument("city")
@as_json
@click.pass_obj
def list_domains(make_app: MakeApp, city: str, as_json: bool) -> None:
    """List what a city has and claims."""
    with on_platform(make_app):
        show(_lines(domains.of(city_called(city).id)), as_json=as_json)


@group.command("add")
@click.argument("city")
@click.argument("domain")
@as_json
@click.pass_obj
def add(make_app: MakeApp, city: str, domain: str, as_json: bool) -> None:
    """Claim a domain and print the record that has to prove it."""
    with on_platform(make_app):
        claimed = domains.add(lifecycle.as_city(city_called(city)), domain)
        show(_line(claimed), as_json=as_json)


@group.command("check")
@click.argument("city")
@click.argument("domain")
@as_json
@click.pass_obj
def check(make_app: MakeApp, city: str, domain: str, as_json: bool) -> None:
    """Ask the DNS about a domain now."""
    with on_platform(make_app):
        served = lifecycle.as_city(city_called(city))
        host = hostnames.clean(domain)
        wanted = domains.record_value(domains.find(served.id, host))
        # Nothing is held while the DNS is asked.
        end_transaction(keep=True)
        after = domains.settle(served, host, domains.look(host, wanted))
        show(_line(after), as_json=as_json)


@group.command("main")
@click.argument("city")
@click.argument("domain", required=False)
@as_json
@click.pass_obj
def main(make_app: MakeApp, city: str, domain: str | None, as_json: bool) -> None:
    """Make a proven domain the main address; without DOMAIN the one below the platform's domain."""
    with on_platform(make_app):
        served = lifecycle.as_city(city_called(city))
        domains.make_main(served, hostnames.clean(domain) if domain else None)
        show(_lines(domains.of(served.id)), as_json=as_json)


@group.command("remove")
@click.argument("city")
@click.argument("domain")
@as_json
@click.pass_obj
def remove(make_app: MakeApp, city: str, domain: str, as_json: bool) -> None:
    """Give a domain up."""
    with on_platform(make_app):
        served = lifecycle.as_city(city_called(city))
        domains.remove(served, hostnames.clean(domain))
        show(_lines(domains.of(served.id)), as_json=as_json)


def _lines(found: Iterable[Domain]) -> list[Value]:
    return [_line(domain) for domain in found]


def _line(domain: Domain) -> dict[str, Value]:
    return {
        "domain": domain.host,
        "verified": domain.verified,
        "main": domain.main,
        "record": domains.record_name(domain),
        "value": domains.record_value(domain),
        "finding": domain.finding or None,
        "leads": domain.leads or None,
        "checked": domain.checked_at.isoformat(timespec="seconds") if domain.checked_at else None,
    }


COMMANDS = (group,)
