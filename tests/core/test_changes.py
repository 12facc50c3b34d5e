import pytest
from sqlalchemy import insert, text, update

from app.core import changes, redis
from app.core.context import current_city
from app.core.db import db, end_transaction
from app.core.settings import ModuleSettings
from app.notify.mail import send_mail
from tenants import resolve

ROW = {"module": "news", "values": {}}


@pytest.fixture
def mark(app):
    def find(slug="paris"):
        with app.app_context():
            return changes.mark(resolve.city_by_slug(slug))

    return find


def by_object():
    db.session.add(ModuleSettings(**ROW))


def by_statement():
    db.session.execute(insert(ModuleSettings).values(**ROW))


def by_update():
    db.session.execute(update(ModuleSettings).values(values={}))


def by_words():
    db.session.execute(text("DELETE FROM module_settings"))


def inside_a_query():
    db.session.execute(
        text("WITH gone AS (DELETE FROM module_settings RETURNING 1) SELECT count(*) FROM gone")
    )


@pytest.mark.parametrize("write", [by_object, by_statement, by_update, by_words, inside_a_query])
def test_whatever_writes_gives_that_city_another_mark(mark, in_city, write):
    before = mark("paris"), mark("budapest")
    with in_city("paris"):
        write()
    assert mark("paris") != before[0]
    assert mark("budapest") == before[1]


@pytest.mark.parametrize(
    "words",
    [
        "SELECT 'DELETE FROM module_settings'",
        "WITH found AS (SELECT 1 AS updated) SELECT updated FROM found",
        "  select 1",
        f"{changes.UNSEEN} UPDATE module_settings SET module = module",
    ],
)
def test_reading_leaves_the_mark(mark, in_city, words):
    before = mark()
    with in_city():
        db.session.execute(text(words))
    assert mark() == before


def test_what_is_taken_back_leaves_the_mark(app, mark, in_city):
    before = mark()
    with in_city():
        by_statement()
        end_transaction(keep=False)
    assert mark() == before


def test_the_mark_changes_after_the_commit_not_after_a_savepoint(mark, in_city):
    before = mark()
    with in_city():
        with db.session.begin_nested():
            by_object()
        assert changes.mark(current_city()) == before
    assert mark() != before


def test_a_change_while_redis_is_away_is_told_when_it_is_back(app, mark, in_city, monkeypatch):
    before = mark()

    def away(_name, _value, **_how):
        raise redis.RedisError

    with in_city():
        by_object()
        with monkeypatch.context() as patched:
            patched.setattr(redis.client(), "set", away)
            end_transaction(keep=True)
    assert mark() != before


def test_a_mark_never_comes_back(app, mark):
    before = mark()
    with app.app_context():
        redis.client().flushdb()
    assert mark() != before


def test_a_mail_is_on_no_page(mark, in_city):
    before = mark()
    with in_city("paris"):
        send_mail("already_known", "anna@paris.example", "en", name="", link="https://example.org/")
    assert mark() == before
