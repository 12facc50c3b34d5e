import os

import pytest
from redis.exceptions import ConnectionError as Away

from app.core import gathering, redis
from app.core.db import db, end_transaction
from tenants import lifecycle, usage
from tenants.models import CityRecord
from tests.tenants.life.acts import REASON, operating
from worker.run import run


@pytest.fixture
def days(app):
    """Return what the table says of a city: (day, requests, errors, mails), the newest first."""

    def read(city_id="testparis"):
        with app.app_context():
            usage.flush()
            run(app, "platform.keep_use", None, {})
        with app.app_context():
            rows = [
                (row.day.isoformat(), row.requests, row.errors, row.mails) for row in usage.of_city(city_id)
            ]
            end_transaction(keep=False)
        return rows

    return read


def test_requests_and_mails_of_each_city_are_counted_by_day(site, days, mails, in_city, frozen):
    frozen("2026-11-22T10:00")
    for _ in range(3):
        site("paris").get("/")
    site("budapest").get("/")
    site("paris").post("/sign-in/link", data={"email": "nobody@example.org"})
    assert days() == [("2026-11-22", 4, 0, 0)]
    assert days("testbudapest") == [("2026-11-22", 1, 0, 0)]
    frozen("2026-11-23T10:00")
    site("paris").get("/")
    assert days() == [("2026-11-23", 1, 0, 0), ("2026-11-22", 4, 0, 0)]


def test_a_mail_counts_when_it_is_handed_over_and_once(app, in_city, days, frozen, run_tasks):
    frozen("2026-11-22T10:00")
    from app.notify.mail import send_mail

    with in_city("paris"):
        send_mail("already_known", "anna@example.org", "en", name="", link="https://example.org/")
    assert days() == []
    assert run_tasks() == ["mail.deliver"]
    assert days() == [("2026-11-22", 0, 0, 1)]


def test_a_page_that_fails_counts_as_an_error(app, visitor, days, monkeypatch, frozen):
    frozen("2026-11-22T10:00")
    app.config["PROPAGATE_FAILURES"] = False
    monkeypatch.setitem(app.view_functions, "portal_about.contact", _break)
    assert visitor.get("/contact").status_code == 500
    assert days() == [("2026-11-22", 1, 1, 0)]


def test_that_a_suspended_city_says_so_is_no_error(app, visitor, days, frozen):
    frozen("2026-11-22T10:00")
    with operating(app) as record:
        lifecycle.suspend(record, REASON)
    assert visitor.get("/").status_code == 503
    assert days() == []


def _break(*_args, **_kwargs):
    raise RuntimeError("on purpose")


def test_pictures_and_styles_are_not_counted(visitor, days):
    for path in ("/theme.css", "/favicon.svg", "/static/parvis.css", "/healthz"):
        assert visitor.get(path).status_code == 200
    assert days() == []


def test_counting_costs_a_page_no_statement(visitor, count_queries):
    visitor.get("/contact")
    with count_queries() as asked:
        visitor.get("/contact")
    assert [statement for statement in asked if "usage" in statement or "measure" in statement] == []


def test_what_a_killed_worker_had_begun_to_move_is_not_lost(app, visitor, days, frozen):
    frozen("2026-11-22T10:00")
    visitor.get("/")
    with app.app_context():
        usage.flush()
        redis.client().rename(redis.key("use"), redis.key("use-drained"))
    visitor.get("/")
    assert days() == [("2026-11-22", 1, 0, 0)]
    assert days() == [("2026-11-22", 2, 0, 0)]


def test_counts_wait_while_redis_is_away(app, visitor, days, frozen, monkeypatch):
    frozen("2026-11-22T10:00")
    counts = app.extensions["parvis_counts"]

    def away(*_args, **_kwargs):
        raise Away("gone")

    visitor.get("/")
    with monkeypatch.context() as patched:
        patched.setattr(counts._client, "pipeline", away)
        counts.gathered.flush()
    assert days() == [("2026-11-22", 1, 0, 0)]


def test_counts_of_a_city_that_is_gone_are_dropped(app, site, days):
    with app.app_context():
        usage.count("nobody", usage.REQUESTS)
    site("paris").get("/")
    assert len(days()) == 1
    assert days("nobody") == []


def test_a_forked_process_does_not_tell_its_parents_counts_again(app):
    with app.app_context():
        usage.count("testparis", usage.MAILS, 5)
        counts = app.extensions["parvis_counts"]
        counts.gathered._pid = os.getpid() + 1
        usage.count("testparis", usage.MAILS, 1)
        usage.flush()
        assert redis.client().hget(redis.key("use-total"), "mails") == "1"


def test_counts_reach_redis_without_anybody_asking(app, monkeypatch):
    monkeypatch.setattr(gathering, "FLUSH_SECONDS", 0.01)
    with app.app_context():
        usage.count("testparis", usage.REQUESTS)
        app.extensions["parvis_counts"].gathered._timer.join(10)
        assert redis.client().hget(redis.key("use-total"), "requests") == "1"


def test_figures_are_forgotten_after_more_than_a_year(app, visitor, days, frozen):
    frozen("2025-01-01T10:00")
    visitor.get("/")
    assert len(days()) == 1
    frozen("2026-06-01T10:00")
    run(app, "platform.forget_use", None, {})
    with app.app_context():
        assert usage.on(usage.date(2025, 1, 1)) == []
        assert db.session.get(CityRecord, "testparis") is not None
