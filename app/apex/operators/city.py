"""One city: what the platform knows of it, how it is used, what was done to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date
from flask import current_app
from markupsafe import Markup
from sqlalchemy import select

from app.accounts.operators import visits
from app.apex.operators.blueprint import bp, me
from app.apex.operators.words import resource_label
from app.core.clock import now
from app.core.context import City, CityState
from app.core.db import db
from app.core.errors import NotFound
from app.core.i18n import LANGUAGES, language
from app.core.i18n import gettext as _
from app.registry import modules
from app.web.filters import medium_date
from app.web.look import charts
from app.web.page import is_htmx, render
from tenants import operations, quotas, resolve
from tenants import usage as uses
from tenants.migrate import plan
from tenants.models import (
    CityRecord,
    CityRevision,
    Domain,
    FormerSlug,
    Measure,
    ModuleToggle,
    OperationState,
    Usage,
)

DAYS = 30
MOST_LISTED = 50
ACTIVE = (OperationState.WAITING, OperationState.RUNNING)


@dataclass(frozen=True, slots=True)
class Skew:
    """One history of a city's tables, where it is and where this version would have it."""

    owner: str
    has: str
    newest: str

    @property
    def is_current(self) -> bool:
        """Tell whether there is nothing to do."""
        return self.has == self.newest


@bp.get("/cities/<city_id>")
def city(city_id: str) -> str:
    """Show everything about one city."""
    record = record_of(city_id)
    revision = db.session.get(CityRevision, record.id)
    used = usage(record.id)
    return render(
        "operators/city.html",
        record=record,
        url=url_of(record),
        measure=db.session.get(Measure, record.id),
        revision=revision,
        skew=skew(revision),
        usage=used,
        chart_svg=_chart(used),
        facts=_facts(record),
        limits=quotas.uses_of(record.id),
        resource_label=resource_label,
        acts=_acts(),
        visits=visits.of_city(record.id),
        own_visit=next((v for v in visits.running(me().operator_id) if v.city_id == record.id), None),
        may=may_be_done(record),
        **_operations(record.id),
    )


@bp.get("/cities/<city_id>/operations")
def city_operations(city_id: str) -> str:
    """Show how far the operations on a city are; a part of its page when htmx asks."""
    record = record_of(city_id)
    template = "operators/_operations.html" if is_htmx() else "operators/city_operations.html"
    return render(template, record=record, **_operations(record.id))


def record_of(city_id: str) -> CityRecord:
    """Return the city's row; raises NotFound."""
    record = db.session.get(CityRecord, city_id)
    if record is None:
        raise NotFound(_("There is no such city."))
    return record


def live(record: CityRecord) -> City:
    """Return the city as code inside it needs it; raises NotFound for one that is being made."""
    found = resolve.city_by_id(record.id)
    if found is None:
        raise NotFound(_("This city is being made."))
    return found


def url_of(record: CityRecord, path: str = "/") -> str:
    """Return the address of a page of the city, under the host that its pages name themselves by."""
    found = resolve.city_by_id(record.id)
    config = current_app.config["PARVIS"]
    url: str = config.url(found.host if found else f"{record.slug}.{config.base_domain}", path)
    return url


def may_be_done(record: CityRecord) -> set[str]:
    """Return the acts that the city's state allows and this version knows how to do."""
    often = {"visit", "rename", "limits", "administrator", "erase", "migrate", "export", "copy"}
    by_state = {
        CityState.PROVISIONING: set[str](),
        CityState.LIVE: often | {"suspend"},
        CityState.SUSPENDED: often | {"resume"},
        CityState.ERASING: {"keep", "export"},
    }
    needs_worker = {"migrate", "export", "copy"}
    return {act for act in by_state[record.state] if act not in needs_worker or operations.knows(act)}


def skew(revision: CityRevision | None) -> list[Skew]:
    """Return each history of the city beside the newest revision of this version."""
    newest, has = plan.all_heads(), revision.revisions if revision else {}
    return [Skew(owner, known, newest.get(owner, "")) for owner, known in sorted(has.items())]


def usage(city_id: str) -> list[Usage]:
    """Return what the city did on each of the last 30 days, the oldest first; zeros where nothing was counted."""
    first = now().date() - timedelta(days=DAYS - 1)
    counted = {row.day: row for row in uses.of_city(city_id, DAYS)}
    days = [first + timedelta(days=number) for number in range(DAYS)]
    return [counted.get(day) or Usage(day=day, requests=0, errors=0, mails=0) for day in days]


def _chart(used: Sequence[Usage]) -> Markup:
    points = [(_short(day.day), day.requests) for day in used]
    return charts.line(points, label=_("Requests on each of the last %(days)s days", days=DAYS))


def _short(day: date) -> str:
    return format_date(day, "d MMM", locale=language())


def _acts() -> list[tuple[str, str, str, str]]:
    """Return what can be done to a city: the page, its words, its picture and its colour."""
    return [
        ("resume", _("Resume"), "play", "primary"),
        ("keep", _("Keep the city"), "history", "primary"),
        ("migrate", _("Migrate"), "layers", "secondary"),
        ("export", _("Export"), "download", "secondary"),
        ("copy", _("Copy"), "copy", "secondary"),
        ("rename", _("Rename"), "pencil", "secondary"),
        ("limits", _("Change the limits"), "gauge", "secondary"),
        ("administrator", _("Name an administrator"), "user-plus", "secondary"),
        ("suspend", _("Suspend"), "pause", "secondary"),
        ("erase", _("Erase"), "ban", "secondary"),
    ]


def _facts(record: CityRecord) -> list[tuple[str, str]]:
    """Return what the platform knows of a city, label and value."""
    words = {True: _("confirmed"), False: _("not confirmed")}
    domains = [
        f"{domain.host} ({words[domain.verified]})"
        for domain in db.session.scalars(
            select(Domain).where(Domain.city_id == record.id).order_by(Domain.host).limit(MOST_LISTED)
        )
    ]
    former = db.session.scalars(
        select(FormerSlug.slug)
        .where(FormerSlug.city_id == record.id)
        .order_by(FormerSlug.slug)
        .limit(MOST_LISTED)
    )
    told = [
        (_("Id"), record.id),
        (_("Since"), medium_date(record.created_at)),
        (_("Languages"), ", ".join(LANGUAGES.get(code, code) for code in record.languages)),
        (_("Time zone"), record.time_zone),
        (_("Currency"), record.currency),
        (_("Contact"), record.contact_email),
        (_("Modules"), ", ".join(_modules(record.id))),
        (_("Own domains"), ", ".join(domains)),
        (_("Former addresses"), ", ".join(former)),
    ]
    return [(label, value) for label, value in told if value]


def _modules(city_id: str) -> list[str]:
    on = select(ModuleToggle.module).where(ModuleToggle.city_id == city_id, ModuleToggle.on)
    installed = modules()
    return sorted(_(installed[name].title) if name in installed else name for name in db.session.scalars(on))


def _operations(city_id: str) -> dict[str, object]:
    listed = operations.latest(city_id)
    return {"operations": listed, "running": any(o.state in ACTIVE for o in listed)}
