"""A deployment of version 0.1.0 with cities, work and domains that its operator has entered by hand."""

import shutil

import pytest

from app.core import config, jobs
from app.core.db import db, end_transaction
from app.factory import create_app
from tenants import domains, owner, resolve, setup
from tenants.migrate import plan

CITY = (
    "INSERT INTO platform.city (id, slug, name, state, published, languages, time_zone, currency, brand, hero, tagline,"
    " contact_email, created_at) VALUES (%s, %s, 'A town', 'live', true, '{en}', 'UTC', 'EUR', '', '', '{}', '', now())"
)
# As docs/operators.md of that version said.
BY_HAND = "INSERT INTO platform.domain (host, city_id, verified) SELECT %s, id, true FROM platform.city WHERE slug = %s"
WORK = "INSERT INTO shared.outbox (city, task, ids, due_at) VALUES ('c_one', 'mail.deliver', '{}', now())"


@pytest.fixture
def first_version(app, services, ask, monkeypatch, tmp_path):
    """A deployment in a database of its own, as the first version made and used it."""
    ask("CREATE DATABASE first_version")
    url = services.database.set(database="first_version").render_as_string(hide_password=False)
    made = create_app(config.read({"DATABASE_URL": url, "REDIS_URL": services.redis_url}))
    jobs.discard_nudges()
    (tmp_path / "platform").mkdir()
    shutil.copy(plan.ROOT / "platform" / "0001_initial.py", tmp_path / "platform")
    with made.app_context():
        with monkeypatch.context() as then:
            then.setattr(plan, "ROOT", tmp_path)
            setup.prepare(lambda _line: None, cities=False)
        with owner.connect(owner.address()) as connection:
            for city_id, slug in (("one", "paris"), ("two", "lyon"), ("three", "nice")):
                connection.execute(CITY, (city_id, slug))
            for host, slug in (
                ("b.paris.example", "paris"),
                ("a.paris.example", "paris"),
                ("lyon.example", "lyon"),
            ):
                connection.execute(BY_HAND, (host, slug))
            connection.execute(WORK)
        yield made
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    ask("DROP DATABASE first_version WITH (FORCE)")
    for role in ("first_version_web", "first_version_platform"):
        ask(f"DROP ROLE {role}")


def test_domains_entered_by_hand_go_on_and_can_be_proven(first_version):
    setup.prepare(lambda _line: None, cities=False)
    hosts = {slug: resolve.city_by_slug(slug).host for slug in ("paris", "lyon", "nice")}
    assert hosts == {"paris": "a.paris.example", "lyon": "lyon.example", "nice": "nice.parvis.localhost"}
    assert resolve.city_for_host("b.paris.example").slug == "paris"
    found = domains.of("one")
    assert [(domain.host, domain.main, domain.verified) for domain in found] == [
        ("a.paris.example", True, True),
        ("b.paris.example", False, True),
    ]
    assert len({domain.proof for domain in found if len(domain.proof) == 32}) == 2
    assert domains.due() == []


def test_its_work_is_done(first_version):
    setup.prepare(lambda _line: None, cities=False)
    assert [(row.city, row.task) for row in jobs.due_rows(10)] == [("c_one", "mail.deliver")]
    end_transaction(keep=False)
