import re

import pytest

from app.core import figures, redis
from app.core.clock import now
from app.core.db import db, end_transaction
from tenants import classes
from tenants.classes import class_of
from tenants.models import Usage


@pytest.fixture
def scraped(app):
    """Return the figures as Prometheus reads them."""

    def read():
        with app.app_context():
            figures.flush()
        answer = app.test_client().get("/internal/metrics", base_url="http://127.0.0.1:8000")
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    with app.app_context():
        figures.flush()
        redis.client().flushdb()
    return read


def test_requests_are_spread_by_part_and_by_class_of_the_city(app, visitor, scraped):
    for _ in range(3):
        visitor.get("/")
    visitor.get("/nothing-here")
    text = scraped()
    assert "# TYPE parvis_request_seconds histogram" in text
    found = re.search(r'parvis_request_seconds_count\{group="front",status="2xx"\} (\d+)', text)
    assert found[1] == "3"
    assert re.search(r'parvis_request_seconds_bucket\{[^}]*le="\+Inf"\} 3', text)
    assert 'parvis_city_request_seconds_count{city_class="quiet",status="2xx"} 3' in text
    assert 'parvis_city_request_seconds_count{city_class="quiet",status="4xx"} 1' in text


def test_buckets_add_up(app, scraped):
    with app.app_context():
        for seconds in (0.001, 0.02, 0.3, 99):
            figures.observe("task_seconds", seconds, lane="prompt", outcome="done")
    text = scraped()
    counts = [
        float(said)
        for said in re.findall(
            r'parvis_task_seconds_bucket\{lane="prompt",outcome="done",le="[^"]+"\} (\S+)', text
        )
    ]
    assert len(counts) == len(figures.BOUNDS) + 1
    assert counts == sorted(counts)
    assert (counts[0], counts[1], counts[-1]) == (1, 2, 4)
    assert 'parvis_task_seconds_count{lane="prompt",outcome="done"} 4' in text


def test_no_label_grows_with_cities_people_or_addresses(app, site, scraped):
    for slug in ("paris", "budapest"):
        site(slug).get(f"/files/{'0' * 40}.webp")
        site(slug).get(f"/made-up-{slug}?q=lea@example.org")
    text = scraped()
    ours = [
        line.partition("{")[2].rpartition("}")[0]
        for line in text.splitlines()
        if line.startswith(("parvis_request_", "parvis_city_request_"))
    ]
    assert len(ours) > 10
    for word in ("paris", "budapest", "made-up", "lea", "0000"):
        assert not any(word in labels for labels in ours)


def test_classes_follow_what_cities_were_asked_for_in_a_week(app, visitor, scraped):
    with app.app_context():
        day = now().date()
        db.session.add(Usage(city_id="testparis", day=day, requests=60_000, errors=0, mails=0))
        end_transaction(keep=True)
        classes.class_cities()
        end_transaction(keep=True)
    visitor.get("/")
    assert 'parvis_city_request_seconds_count{city_class="medium",status="2xx"} 1' in scraped()


@pytest.mark.parametrize(
    ("requests", "name"),
    [(0, "quiet"), (999, "quiet"), (1_000, "small"), (50_000, "medium"), (10**7, "large")],
)
def test_a_class_begins_at_its_number(requests, name):
    assert class_of(requests) == name


def test_figures_wait_while_redis_is_away(app, scraped, monkeypatch):
    with app.app_context():
        mine = app.extensions["parvis_figures"]
        monkeypatch.setattr(
            mine._client, "pipeline", lambda **_how: (_ for _ in ()).throw(redis.RedisError())
        )
        figures.count("tasks", task="a.b", outcome="done")
        figures.flush()
        monkeypatch.undo()
    assert 'parvis_tasks_total{outcome="done",task="a.b"} 1' in scraped()


def test_a_process_is_alive_whatever_else_is_away_and_ready_when_all_is_there(app, monkeypatch):
    from app.web import probes

    client = app.test_client()
    assert client.get("/health", base_url="http://10.0.0.7:8000").data == b"alive\n"
    ready = client.get("/ready", base_url="http://10.0.0.7:8000")
    assert ready.status_code == 200
    assert ready.json == {"database": "ok", "migrations": "ok", "redis": "ok"}

    monkeypatch.setattr(probes.redis, "client", lambda: (_ for _ in ()).throw(redis.RedisError("secret")))
    away = client.get("/ready", base_url="http://10.0.0.7:8000")
    assert away.status_code == 503
    assert away.json["redis"] == "away"
    assert "secret" not in away.get_data(as_text=True)
    assert client.get("/health", base_url="http://10.0.0.7:8000").status_code == 200


def test_a_platform_whose_tables_are_behind_is_not_ready(app, monkeypatch):
    from tenants import schema

    change = "UPDATE platform.module_revision SET revision = '{}' WHERE module = 'platform'"
    with app.app_context(), schema.owner_transaction() as connection:
        before = connection.exec_driver_sql(
            "SELECT revision FROM platform.module_revision WHERE module = 'platform'"
        ).scalar()
        connection.exec_driver_sql(change.format("platform_0002"))
    try:
        answer = app.test_client().get("/ready", base_url="http://10.0.0.7:8000")
    finally:
        with app.app_context(), schema.owner_transaction() as connection:
            connection.exec_driver_sql(change.format(before))
    assert (answer.status_code, answer.json["migrations"]) == (503, "behind")
