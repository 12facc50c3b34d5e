"""A city that leaves, full of people and things, and a search that knows nothing of how the product searches."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image
from redis import Redis
from sqlalchemy import text

from app.accounts.models import Role
from app.accounts.services import create_confirmed
from app.core import jobs
from app.core.clock import now
from app.core.context import CityState
from app.core.db import db, end_transaction
from app.core.ids import new_short_id
from app.registry import modules
from app.sdk import store_image
from modules.news import services as news
from modules.news.rules import Draft
from modules.participatory_budget.tests import arranging
from tenants import resolve, schema, toggles
from tenants.archive import shelf
from tenants.archive.export import Wish
from tenants.erasure.scheduling import schedule_erasure
from tenants.inside import inside
from tenants.models import (
    CityRecord,
    Domain,
    FormerSlug,
    Measure,
    Operation,
    OperationState,
    Operator,
    OperatorVisit,
    PlatformEntry,
    Quota,
    Usage,
)
from tests.tenants.life.acts import operating
from worker import relay, schedule
from worker.celery_app import make_celery, prefix_of

LINK = re.compile(r"http://parvis\.localhost:8000(/start/link/[\w-]+)")
MAYOR, VOTER, WAITING = "mayor@atlantis.example", "nereus@sea.example", "proteus@sea.example"
WORDS = ("Poseidonia", "Leviathan", "Hippocampus", MAYOR, VOTER, WAITING)
WISH = {"city_name": "Poseidonia", "slug": "atlantis", "email": MAYOR, "language": "en"}
TABLES = (
    "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
)
CATALOGS = (
    "pg_namespace",
    "pg_roles",
    "pg_default_acl",
    "pg_shdescription",
    "pg_db_role_setting",
    "pg_class",
)


@pytest.fixture
def atlantis(app):
    """A city with an administrator; returns its id."""
    city_id = new_short_id()
    with app.app_context():
        schema.create(f"c_{city_id}", ["news"])
        facts = {"name": "Poseidonia", "state": CityState.LIVE, "languages": ["en"], "created_at": now()}
        db.session.add(CityRecord(id=city_id, slug="atlantis", **facts))
        resolve.change()
        end_transaction(keep=True)
    with inside(app, "atlantis"):
        create_confirmed(MAYOR, "Mayor", role=Role.ADMINISTRATOR, language="en")
    return city_id


@pytest.fixture
def signed_up(app, site, mails, run_tasks):
    """A city that somebody has signed up, with every module switched on; returns its id."""
    apex = site("")
    assert apex.post("/start", data=WISH).status_code == 303
    link = next(found for mail in mails() if (found := LINK.search(mail["text"])))[1]
    assert apex.post(link).status_code == 303
    run_tasks()
    with inside(app, "atlantis") as city:
        toggles.switch_on(city, list(modules()))
    return city.id


@pytest.fixture
def full(app, signed_up, site, in_city):
    """Fill the city through its pages and services, and leave work for it everywhere."""
    site("atlantis", role="administrator", email="clerk@atlantis.example")
    site("atlantis", role="resident", email=VOTER)
    _contents(in_city)
    visitor = site("atlantis")
    visitor.post("/sign-in", data={"email": VOTER, "password": "not the right one"})
    visitor.post("/sign-in/link", data={"email": WAITING})
    _work(app)
    _upkeep(app, signed_up)
    with app.app_context():
        shelf.make(signed_up, Wish())
        with schema.owner_transaction() as owner:
            owner.exec_driver_sql(
                f'CREATE SCHEMA "c_{signed_up}_before" CREATE TABLE news_article (title text)'
            )
            owner.exec_driver_sql(f"INSERT INTO \"c_{signed_up}_before\".news_article VALUES ('Leviathan')")
    return signed_up


def _contents(in_city):
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(picture, "PNG")
    picture.seek(0)
    with in_city("atlantis"):
        name = store_image(picture)
        words = {"title": {"en": "Leviathan"}, "body": {"en": "The Hippocampus was seen."}}
        news.create(Draft(**words, picture=name, picture_alt={"en": "A Leviathan"}))
        edition = arranging.opened(arranging.approval())
        arranging.cast(edition, [(arranging.person(VOTER), [3, 5, 6])])


def _work(app):
    """Have the schedule, the outbox, the queue and a worker's hands hold something of the city."""
    schedule._last_filled.clear()
    schedule.fan_out(app)
    celery = broker(app)
    relay.relay(app, celery)
    with celery.connection_for_read() as connection:
        channel = connection.default_channel
        taken = [channel.basic_get(queue, no_ack=False) for queue in celery.amqp.queues for _ in range(10)]
        assert any(taken)
        # A killed worker puts nothing back.
        channel.qos._delivered.clear()
    with inside(app, "atlantis"):
        jobs.enqueue("mail.deliver", mail_id="later", at=now() + timedelta(days=3))


def _upkeep(app, city_id):
    """Enter what the platform keeps of every city beside its row."""
    moment = now()
    about = {"city_id": city_id}
    with app.app_context():
        operator = Operator(email="olga@platform.example", name="Olga", created_at=moment)
        db.session.add(operator)
        db.session.flush()
        rows = [
            Domain(
                **about, host="www.atlantis.example", verified=True, main=True, proof="x", added_at=moment
            ),
            FormerSlug(**about, slug="poseidonis", left_at=moment),
            Quota(**about, resource="storage", most=1),
            Usage(**about, day=moment.date(), requests=1, errors=0, mails=0),
            Measure(**about, measured_at=moment),
            OperatorVisit(
                **about,
                operator_id=operator.id,
                reason=f"{VOTER} cannot sign in",
                secret_hash="h",
                began_at=moment,
                ends_at=moment,
            ),
            PlatformEntry(
                **about, at=moment, action="visit.begun", actor="operator 7", details={"why": VOTER}
            ),
            Operation(
                **about,
                kind="export",
                state=OperationState.DONE,
                asked_at=moment,
                ended_at=moment,
                wish={"for": MAYOR},
            ),
        ]
        for row in rows:
            # Some of it the platform may have written by itself.
            db.session.merge(row)
        end_transaction(keep=True)


def broker(app):
    found = app.config["PARVIS"]
    return make_celery(found.redis_url, prefix_of(str(found.database.database)))


@pytest.fixture
def closed(app, full):
    """The full city, closed, its time of grace over; returns its id."""
    with operating(app, "atlantis") as record:
        schedule_erasure(record, reason="The city has left.", grace=timedelta(0))
    return full


@pytest.fixture
def search(app):
    """Return where a text stands: in a dump of every table and catalog, in names and contents of files, in Redis."""

    def look(word):
        return sorted({*_in_database(app, word), *_in_files(app, word), *_in_redis(app, word)})

    return look


def _in_database(app, word):
    with app.app_context(), schema.owner_transaction() as owner:
        raw = owner.connection.dbapi_connection
        tables = [tuple(row) for row in owner.execute(text(TABLES))] + [("pg_catalog", c) for c in CATALOGS]
        for place, table in tables:
            with raw.cursor().copy(f'COPY (SELECT * FROM "{place}"."{table}") TO STDOUT') as copy:
                if word.encode() in b"".join(bytes(part) for part in copy):
                    yield f"{place}.{table}"


def _in_files(app, word):
    for path in app.config["PARVIS"].files_dir.rglob("*"):
        if word in str(path) or (path.is_file() and word.encode() in path.read_bytes()):
            yield f"file {path.name}"


def _in_redis(app, word):
    redis = Redis.from_url(app.config["PARVIS"].redis_url)
    for key in redis.scan_iter("*"):
        if word.encode() in key or word.encode() in _content(redis, key):
            yield f"redis {key.decode()}"


def _content(redis, key):
    kind = redis.type(key)
    readers = {
        b"string": lambda: redis.get(key),
        b"list": lambda: redis.lrange(key, 0, -1),
        b"hash": lambda: redis.hgetall(key),
        b"set": lambda: redis.smembers(key),
        b"zset": lambda: redis.zrange(key, 0, -1),
    }
    return repr(readers[kind]()).encode()
