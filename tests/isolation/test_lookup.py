"""Another process is an application of its own on the same servers."""

import pytest

from app.core import jobs, redis
from app.core.db import db, end_transaction
from app.factory import create_app
from tenants import resolve
from tenants.models import CityRecord


class Away:
    """A Redis that does not answer."""

    def get(self, *_args):
        raise redis.RedisError

    set = get
    connection_pool = property(get)


@pytest.fixture
def elsewhere(services):
    """Another process that has looked paris up before."""
    made = create_app(services)
    jobs.discard_nudges()
    return made


@pytest.fixture
def redis_is_away(app, elsewhere):
    """Take Redis from both processes and give it back."""
    held = {one: one.extensions["parvis_redis"] for one in (app, elsewhere)}

    def switch(*, away):
        for one, (client, prefix) in held.items():
            one.extensions["parvis_redis"] = (Away() if away else client, prefix)

    yield switch
    switch(away=False)


def name_in(app):
    with app.app_context():
        return resolve.city_by_slug("paris").name


def rename(app, name):
    with app.app_context():
        db.session.get_one(CityRecord, "testparis").name = name
        resolve.change()
        end_transaction(keep=True)


def test_a_change_is_seen_in_every_process_at_once(app, elsewhere):
    before = name_in(elsewhere)
    rename(app, "Lutèce")
    assert (before, name_in(elsewhere)) == ("Paris", "Lutèce")


def test_a_change_made_while_redis_is_away_is_seen_when_it_is_back(app, elsewhere, redis_is_away):
    assert name_in(elsewhere) == "Paris"
    redis_is_away(away=True)
    rename(app, "Lutèce")
    redis_is_away(away=False)
    name_in(app)
    assert name_in(elsewhere) == "Lutèce"


def test_a_process_that_misses_redis_keeps_nothing_from_before(app, elsewhere, redis_is_away):
    assert name_in(elsewhere) == "Paris"
    redis_is_away(away=True)
    rename(app, "Lutèce")
    assert name_in(elsewhere) == "Lutèce"
    redis_is_away(away=False)
    assert name_in(elsewhere) == "Lutèce"


def test_a_redis_that_has_lost_everything_brings_no_old_name_back(app, elsewhere):
    rename(app, "Lutèce")
    assert name_in(elsewhere) == "Lutèce"
    with app.app_context():
        redis.client().flushdb()
    rename(app, "Paris")
    assert name_in(elsewhere) == "Paris"


def test_a_change_is_told_after_the_commit_not_after_a_savepoint(app, elsewhere):
    with app.app_context():
        with db.session.begin_nested():
            db.session.get_one(CityRecord, "testparis").name = "Lutèce"
            resolve.change()
        assert name_in(elsewhere) == "Paris"
        end_transaction(keep=True)
    assert name_in(elsewhere) == "Lutèce"
