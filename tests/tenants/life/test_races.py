"""Two hands at once: one of them wins, the other is told."""

import threading

from app.core.context import serving
from app.core.db import db, end_transaction
from app.core.errors import ServiceError
from tenants import domains, lifecycle, resolve
from tenants.models import CityRecord, CityState, Domain
from tests.tenants.life.acts import operating

HOST = "services.ville.fr"


def at_once(app, *acts):
    """Begin every act in a thread of its own at the same moment; returns what each came to."""
    gate, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        with app.app_context():
            gate.wait()
            try:
                results[place] = act() or "done"
                end_transaction(keep=True)
            except ServiceError as error:
                results[place] = type(error).__name__
                end_transaction(keep=False)

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_two_cities_that_take_an_address_at_once_one_gets_it(app):
    def rename(slug):
        record = db.session.query(CityRecord).filter_by(slug=slug).one()
        lifecycle.rename(record, slug="lutece")

    results = at_once(app, lambda: rename("paris"), lambda: rename("budapest"))
    assert sorted(results) == ["Taken", "done"]
    with app.app_context():
        assert db.session.query(CityRecord).filter_by(slug="lutece").count() == 1
        assert db.session.query(CityRecord).count() == 2


def test_of_two_cities_that_prove_a_host_at_once_one_gets_it(app, dns, in_town):
    values = []
    for slug in ("paris", "budapest"):
        with in_town(slug) as city:
            values.append(f'"{domains.record_value(domains.add(city, HOST))}"')
    dns.put(f"_parvis.{HOST}", "TXT", *values)

    def prove(slug):
        city = resolve.city_by_slug(slug)
        with serving(city):
            wanted = domains.record_value(domains.find(city.id, HOST))
            kept = domains.settle(city, HOST, domains.look(HOST, wanted)).finding
            end_transaction(keep=True)
        return str(kept)

    results = at_once(app, lambda: prove("paris"), lambda: prove("budapest"))
    assert sorted(results) == ["found", "taken"]
    with app.app_context():
        assert db.session.query(Domain).filter_by(host=HOST, verified=True).count() == 1


def test_a_city_that_two_operators_suspend_at_once_is_suspended_for_one_reason(app):
    def suspend(reason):
        record = db.session.query(CityRecord).filter_by(slug="paris").one()
        lifecycle.suspend(record, reason)

    results = at_once(app, lambda: suspend("Unpaid."), lambda: suspend("Attacked."))
    assert sorted(results) == ["Conflict", "done"]
    with operating(app) as record:
        assert record.state is CityState.SUSPENDED
        assert record.state_reason == ("Unpaid." if results[0] == "done" else "Attacked.")
