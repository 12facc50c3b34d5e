"""A mark for each city that is another one after every commit that wrote something in the city.

What is kept of a city's pages is kept with the mark. It lies in Redis, so that all processes see it change with their
next request (docs/decisions/0016-kept-pages.md).
"""

import re

from flask import Flask, current_app
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app.core import redis
from app.core.context import City, current_city
from app.core.db import db
from app.core.ids import new_short_id

UNSEEN = "/* on no page */"
"""A statement that begins so writes nothing that a page shows which is kept for many."""
# Anything else counts as writing: one change too many that is told costs a page drawn anew, one too few shows an old one.
# Mails and requests for work are on no page.
READS = re.compile(
    re.escape(UNSEEN)
    + r"|\s*(SELECT|SET|SHOW|SAVEPOINT|RELEASE|ROLLBACK|WITH(?!.*\b(INSERT|UPDATE|DELETE|MERGE)\b)"
    r"|INSERT INTO mail|UPDATE mail|INSERT INTO shared\.outbox)\b",
    re.I | re.S,
)


def install(app: Flask, engine: Engine) -> None:
    """Notice what is written through the engine of the cities."""
    app.extensions["parvis_untold"] = set()

    @event.listens_for(engine, "before_cursor_execute")
    def _note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not READS.match(statement):
            db.session().info["city_written"] = current_city().id


def mark(city: City) -> str:
    """Return the mark of the city; raises RedisError when nobody can tell."""
    _tell_untold()
    name = _key(city.id)
    found = redis.read(name)
    if found is None:
        # Never one that was there before, also when Redis has lost what it held.
        redis.client().set(name, new_short_id(), nx=True)
        found = redis.read(name)
    return str(found)


def changed(city_id: str) -> None:
    """Give the city a new mark: for whoever writes in it past the session, and after its commit."""
    untold: set[str] = current_app.extensions["parvis_untold"]
    untold.add(city_id)
    try:
        _tell_untold()
    except redis.RedisError:
        current_app.logger.warning("redis is away: that a city has changed is told when it is back")


def _tell_untold() -> None:
    untold: set[str] = current_app.extensions["parvis_untold"]
    for city_id in tuple(untold):
        redis.client().set(_key(city_id), new_short_id())
        untold.discard(city_id)


def _key(city_id: str) -> str:
    return redis.key(f"content:{city_id}")


@event.listens_for(Session, "after_commit")
def _after_commit(session: Session) -> None:
    # Releasing a savepoint comes here, too; then nobody else can see the change yet.
    if not session.in_nested_transaction() and (city_id := session.info.pop("city_written", None)):
        changed(city_id)
