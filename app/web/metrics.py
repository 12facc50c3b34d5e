"""Figures for a monitoring system, in the text format of Prometheus; on the internal address only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy import TextClause, text

from app.core import figures, jobs_due, redis
from app.core.clock import now
from app.core.db import db
from app.core.jobs import Lane
from tenants import resolve, usage

bp = Blueprint("metrics", __name__)
# However many cities there are, the busiest alone have lines of their own; a city is named by its id.
MOST_CITIES = 20
# Of a sample in a histogram: what its name ends with; not a label.
_SUFFIX = ""
_CITIES = text("SELECT state, count(*) FROM platform.city GROUP BY state ORDER BY state")
_OUTBOX = text("SELECT lane, count(*) FROM shared.outbox WHERE due_at <= :now GROUP BY lane")
Sample = tuple[Mapping[str, str], float]


@bp.get("/internal/metrics")
def metrics() -> ResponseReturnValue:
    """Return the figures of the deployment; no personal data, no names of cities."""
    if resolve.clean_host(request.host) not in current_app.config["INTERNAL_HOSTS"]:
        abort(404)
    lines = [line for name, kind, samples in _families() for line in _written(name, kind, samples)]
    return Response("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _families() -> Iterable[tuple[str, str, list[Sample]]]:
    yield "parvis_cities", "gauge", [({"state": state}, n) for state, n in _rows(_CITIES)]
    waiting = dict(_rows(_OUTBOX, now=now()))
    yield "parvis_outbox_due", "gauge", [({"lane": lane}, waiting.get(lane, 0)) for lane in Lane]
    yield "parvis_outbox_oldest_seconds", "gauge", [({}, jobs_due.lag().total_seconds())]
    # What Redis knows is left out while it is away: a monitor that sees nothing cannot say what is wrong.
    try:
        from_redis = [*_totals(), *_waiting(), *_counted()]
    except redis.RedisError:
        from_redis = []
    yield "parvis_redis_up", "gauge", [({}, 1 if from_redis else 0)]
    yield from from_redis
    busiest = usage.on(now().date(), most=MOST_CITIES)
    for kind in usage.KINDS:
        samples: list[Sample] = [({"city": row.city_id}, getattr(row, kind)) for row in busiest]
        yield f"parvis_city_{kind}_today", "gauge", samples


def _totals() -> Iterable[tuple[str, str, list[Sample]]]:
    for kind, number in usage.totals().items():
        yield f"parvis_{kind}_total", "counter", [({}, number)]


def _waiting() -> Iterable[tuple[str, str, list[Sample]]]:
    yield "parvis_queue_waiting", "gauge", [({"lane": lane}, _in_broker(lane)) for lane in Lane]


def _counted() -> Iterable[tuple[str, str, list[Sample]]]:
    """Yield what all processes have counted; the buckets of a histogram add up from the smallest."""
    found = figures.samples()
    plain: dict[str, list[Sample]] = defaultdict(list)
    spread: dict[str, dict[figures.Labels, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for (name, labels), amount in sorted(found.items()):
        base, _, kind = name.rpartition("_")
        if kind == "bucket":
            without = tuple(pair for pair in labels if pair[0] != "le")
            spread[base][without][dict(labels)["le"]] = amount
        elif kind != "sum":
            plain[name].append((dict(labels), amount))
    for name, samples in plain.items():
        yield f"parvis_{name}_total", "counter", samples
    for base, each in spread.items():
        yield f"parvis_{base}", "histogram", list(_spread(found, base, each))


def _spread(
    found: figures.Samples, base: str, each: Mapping[figures.Labels, Mapping[str, float]]
) -> Iterable[Sample]:
    for labels, buckets in each.items():
        total = 0.0
        for bound in (*(f"{one:g}" for one in figures.BOUNDS), figures.LAST):
            total += buckets.get(bound, 0)
            yield {_SUFFIX: "_bucket", **dict(labels), "le": bound}, total
        yield {_SUFFIX: "_sum", **dict(labels)}, found.get((f"{base}_sum", labels), 0)
        yield {_SUFFIX: "_count", **dict(labels)}, total


def _written(name: str, kind: str, samples: list[Sample]) -> Iterable[str]:
    yield f"# TYPE {name} {kind}"
    for labels, value in samples:
        shown = f"{name}{labels.get(_SUFFIX, '')}"
        named = ",".join(f'{label}="{said}"' for label, said in labels.items() if label != _SUFFIX)
        yield f"{shown}{{{named}}} {value:.10g}" if named else f"{shown} {value:.10g}"


def _rows(statement: TextClause, **values: object) -> list[tuple[str, int]]:
    found = db.session.execute(statement, values, bind_arguments={"bind": db.engines["platform"]})
    return [(row[0], row[1]) for row in found]


def _in_broker(lane: Lane) -> int:
    return int(redis.client().llen(redis.key(f"celery:{lane.queue}")))
