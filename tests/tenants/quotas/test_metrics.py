import pytest
from redis import Redis
from sqlalchemy import text

from tenants import schema, usage
from worker.run import run


@pytest.fixture
def figures(app):
    """Return the figures by name and labels, as a monitoring system reads them."""

    def read():
        with app.app_context():
            usage.flush()
        run(app, "platform.keep_use", None, {})
        answer = app.test_client().get("/internal/metrics", base_url="http://127.0.0.1:8000")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        pairs = (line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#"))
        return {name: float(value) for name, value in pairs}

    return read


def test_figures_are_for_the_internal_address_alone(site, app):
    assert site("").get("/internal/metrics").status_code == 404
    assert site("paris").get("/internal/metrics").status_code == 404


def test_what_cities_do_is_told_by_their_ids(site, figures):
    before = figures()
    for _ in range(3):
        site("paris").get("/")
    after = figures()
    assert after["parvis_requests_total"] - before["parvis_requests_total"] == 3
    assert after['parvis_city_requests_today{city="testparis"}'] == 3
    assert after['parvis_cities{state="live"}'] == 2
    assert not any("budapest" in name.lower() and "test" not in name for name in after)


def test_however_many_cities_there_are_few_have_lines_of_their_own(app, figures):
    with app.app_context(), schema.owner_transaction() as owner:
        owner.execute(
            text(
                "INSERT INTO platform.city (id, slug, name, state, published, languages, time_zone, currency, brand,"
                " hero, tagline, contact_email, created_at) SELECT 'id' || n, 'town' || n, 'Town', 'live', true,"
                " '{en}', 'UTC', 'EUR', '', '', '{}', '', now() FROM generate_series(1, 50) AS n"
            )
        )
        owner.execute(
            text(
                "INSERT INTO platform.usage (city_id, day, requests, errors, mails)"
                " SELECT id, (now() AT TIME ZONE 'UTC')::date, 10, 0, 0 FROM platform.city"
            )
        )
    assert sum(name.startswith("parvis_city_requests_today") for name in figures()) == 20


def test_what_waits_and_for_how_long_is_told(app, in_city, figures, frozen):
    from app.core import jobs

    frozen("2026-11-22T10:00")
    with in_city("paris"):
        jobs.enqueue("accounts.answer", request_id="00000000-0000-0000-0000-000000000000")
    frozen("2026-11-22T10:02")
    told = figures()
    assert told['parvis_outbox_due{lane="prompt"}'] == 1
    assert told["parvis_outbox_oldest_seconds"] == 120
    assert told['parvis_queue_waiting{lane="bulk"}'] == 0


def test_a_monitor_is_told_when_redis_is_away_and_sees_the_rest(app, monkeypatch):
    _client, prefix = app.extensions["parvis_redis"]
    away = Redis(host="127.0.0.1", port=1, socket_connect_timeout=1)
    monkeypatch.setitem(app.extensions, "parvis_redis", (away, prefix))
    answer = app.test_client().get("/internal/metrics", base_url="http://127.0.0.1:8000")
    assert answer.status_code == 200
    lines = answer.text.splitlines()
    assert "parvis_redis_up 0" in lines
    assert 'parvis_cities{state="live"} 2' in lines
    assert "parvis_outbox_oldest_seconds 0" in lines
