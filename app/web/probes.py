"""What a scheduler of containers asks: is the process alive, and can it serve."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from app.core import redis
from app.core.db import db
from tenants.migrate import plan

bp = Blueprint("probes", __name__)
_REVISION = text("SELECT revision FROM platform.module_revision WHERE module = :owner")


@bp.get("/health")
def health() -> ResponseReturnValue:
    """Answer as long as the process answers anything; nothing else is asked."""
    return Response("alive\n", mimetype="text/plain")


@bp.get("/ready")
def ready() -> ResponseReturnValue:
    """Say of the database, Redis and the platform's tables whether pages can be served: 200, else 503."""
    found = {name: _tried(ask) for name, ask in CHECKS.items()}
    status = 200 if all(said == "ok" for said in found.values()) else 503
    return jsonify(found), status, {"Cache-Control": "no-store"}


def _tried(ask: Callable[[], str]) -> str:
    try:
        return ask()
    except Exception:
        # Whoever asks from outside learns what is broken, not how.
        return "away"


def _database() -> str:
    with db.engines["platform"].connect() as connection:
        connection.execute(text("SELECT 1"))
    return "ok"


def _redis() -> str:
    redis.client().ping()
    return "ok"


def _migrations() -> str:
    """Compare the platform's own tables with what this version needs; cities follow one by one."""
    with db.engines["platform"].connect() as connection:
        revision = connection.scalar(_REVISION, {"owner": plan.PLATFORM})
    return "behind" if plan.platform_steps({plan.PLATFORM: str(revision)}) else "ok"


CHECKS: Mapping[str, Callable[[], str]] = {
    "database": _database,
    "redis": _redis,
    "migrations": _migrations,
}
