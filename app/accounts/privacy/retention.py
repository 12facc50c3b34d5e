"""What is removed every night because it has been kept for long enough, and what the city reads of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app

from app.accounts.privacy.present import present
from app.core.audit import audit
from app.core.clock import now
from app.core.context import current_city
from app.core.db import db
from app.core.settings import store, stored

RUNS = "platform.retention"
MOST_RUNS = 30


@dataclass(frozen=True, slots=True)
class Run:
    """One night: how many things of which holdings were removed, and which holdings could not be looked at."""

    at: datetime
    removed: Mapping[str, int]
    failed: tuple[str, ...] = ()


def retain() -> Run:
    """Remove what has been kept for long enough, each holding for itself; keeps and logs the numbers, no names."""
    moment = now()
    removed: dict[str, int] = {}
    failed: list[str] = []
    for holding in present():
        try:
            with db.session.begin_nested():
                number = holding.retain(moment)
        except Exception:
            # Of any module: what one cannot do tonight, a file that is away or a mistake, keeps nobody else's data.
            current_app.logger.exception("retention of %s failed in %s", holding.name, current_city().id)
            failed.append(holding.name)
            continue
        if number:
            removed[holding.name] = number
    run = Run(moment, removed, tuple(failed))
    if removed or failed:
        counts: dict[str, Any] = {**removed}
        if failed:
            counts["failed"] = ", ".join(failed)
        audit("privacy.retained", **counts)
    _keep(run)
    return run


def runs() -> list[Run]:
    """Return the last nights, the newest first."""
    return [
        Run(datetime.fromisoformat(one["at"]), one["removed"], tuple(one.get("failed", ())))
        for one in stored(RUNS).get("runs", ())
    ]


def _keep(run: Run) -> None:
    line = {"at": run.at.isoformat(), "removed": dict(run.removed), "failed": list(run.failed)}
    store(RUNS, {"runs": [line, *stored(RUNS).get("runs", ())][:MOST_RUNS]})
