"""An edition as a blueprint: written from one, read into another one, in this city or elsewhere.

    @blueprint_part("ideas")
    class _Ideas:
        write = staticmethod(…)   # edition -> what JSON can hold
        read = staticmethod(…)    # (edition, value) -> None; raises Invalid for what it does not know

Settings in columns of the edition travel by themselves: they are listed in `settings_of.RULES` and `OTHERS`.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Protocol, cast
from uuid import UUID

from app.sdk import (
    Invalid,
    Localized,
    WrongRule,
    _,
    audit,
    current_city,
    from_local,
    local,
    read_eligibility,
    today,
    write_eligibility,
)

from ..models import Category, District, Edition
from ..rules.blueprint import (
    FORMAT,
    LONGEST,
    OF_PROJECTS,
    Blueprint,
    Fault,
    Moment,
    Times,
    WrongBlueprint,
    read_blueprint,
)
from ..rules.schedule import Span, read_schedule, write_schedule
from ..rules.ways import read_access, write_access
from .editions import by_id, create
from .phase_tasks import as_far_as_ready
from .settings_of import OTHERS, RULES, apply_settings, settings_of


class BlueprintPart(Protocol):
    """What another part of the module adds to a blueprint."""

    def write(self, edition: Edition) -> object:
        """Return what belongs to the part, as JSON can hold it; None for nothing."""

    def read(self, edition: Edition, value: object) -> None:
        """Set up the part in a new edition; raises Invalid for what it does not know."""


_parts: dict[str, BlueprintPart] = {}


def blueprint_part(name: str) -> Callable[[type[BlueprintPart]], type[BlueprintPart]]:
    """Have a part written into blueprints under its name, and read from them."""

    def add(part: type[BlueprintPart]) -> type[BlueprintPart]:
        _parts[name] = part()
        return part

    return add


def write_blueprint(edition: Edition) -> str:
    """Return the blueprint of an edition as the text of its file."""
    settings = settings_of(edition)
    first = _first_day(edition)
    written = {name: part.write(edition) for name, part in _parts.items()}
    document = {
        "format": FORMAT,
        "currency": edition.currency,
        "texts": {name: dict(getattr(edition, name)) for name in LONGEST if getattr(edition, name)},
        "categories": [
            {"key": one.key, "name": dict(one.name), "summary": dict(one.summary)}
            for one in edition.categories
        ],
        "districts": [{"key": one.key, "name": one.name} for one in edition.districts],
        "rules": _without_projects({name: settings[name] for name in (*RULES, "envelopes", "contests")}),
        "settings": {name: getattr(edition, name) for name in OTHERS},
        "calendar": {
            "vote": _as_offsets(edition.opens_at, edition.closes_at, first),
            "phases": {
                part.value: _as_offsets(span.begins_at, span.ends_at, first)
                for part, span in read_schedule(edition.schedule).items()
            },
        },
        "parts": {name: value for name, value in written.items() if value is not None},
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def make_from(content: bytes, *, slug: str, title: Localized, begins_on: date | None = None) -> Edition:
    """Make an edition from a file; raises Invalid with what is wrong with it, and where.

    `begins_on` is the first day of its calendar; without one it has no dates. Amounts in another currency are left out.
    """
    try:
        found = read_blueprint(content)
    except WrongBlueprint as error:
        raise Invalid(_words(error)) from error
    edition = create(slug, title)
    _fill(edition, found, begins_on)
    audit("participatory_budget.blueprint_taken", subject=f"edition:{edition.id}", slug=slug)
    return edition


def copy_of(edition_id: UUID, *, slug: str, title: Localized, begins_on: date | None = None) -> Edition:
    """Make an edition like another one of this city, without its projects."""
    return make_from(write_blueprint(by_id(edition_id)).encode(), slug=slug, title=title, begins_on=begins_on)


def is_in_other_money(content: bytes) -> bool:
    """Tell whether the amounts of a blueprint that was taken are in another currency than the city's."""
    return read_blueprint(content).currency != current_city().currency


def _fill(edition: Edition, found: Blueprint, begins_on: date | None) -> None:
    for name, texts in found.texts.items():
        if name != "title":
            setattr(edition, name, dict(texts))
    for position, row in enumerate(found.categories):
        label, summary = (cast("Localized", row.get(one, {})) for one in ("name", "summary"))
        edition.categories.append(
            Category(key=str(row["key"]), position=position, name=dict(label), summary=dict(summary))
        )
    for position, row in enumerate(found.districts):
        edition.districts.append(District(key=str(row["key"]), position=position, name=str(row["name"])))
    rules = found.rules if found.currency == edition.currency else _without_money(found.rules)
    apply_settings(edition, _known(rules))
    _set_others(edition, found.settings)
    if begins_on is not None:
        _set_dates(edition, found, begins_on)
    for name, value in found.parts.items():
        if name not in _parts:
            raise Invalid(_words(WrongBlueprint(Fault.UNKNOWN, f"parts.{name[:80]}")))
        _parts[name].read(edition, value)


def _known(rules: Mapping[str, object]) -> dict[str, object]:
    """Return rules with nothing in them that this platform does not know; raises Invalid."""
    found = dict(rules)
    try:
        rule = rules.get("eligibility")
        if isinstance(rule, Mapping):
            found["eligibility"] = write_eligibility(read_eligibility(dict(rule)))
    except (WrongRule, ValueError, TypeError, KeyError) as error:
        raise Invalid(_words(WrongBlueprint(Fault.VALUE, "rules.eligibility"))) from error
    try:
        ways = rules.get("voting_ways")
        if isinstance(ways, Mapping) and ways:
            found["voting_ways"] = write_access(read_access(ways))
    except (ValueError, TypeError) as error:
        raise Invalid(_words(WrongBlueprint(Fault.VALUE, "rules.voting_ways"))) from error
    return found


def _set_others(edition: Edition, settings: Mapping[str, object]) -> None:
    for name, value in settings.items():
        where = f"settings.{name[:80]}"
        if name not in OTHERS:
            raise Invalid(_words(WrongBlueprint(Fault.UNKNOWN, where)))
        try:
            apply_settings(edition, {name: value})
        except (ValueError, TypeError) as error:
            raise Invalid(_words(WrongBlueprint(Fault.VALUE, where))) from error


def _set_dates(edition: Edition, found: Blueprint, first: date) -> None:
    opens, closes = (_instant(first, moment) for moment in found.vote)
    edition.opens_at, edition.closes_at = opens, closes
    spans = {part: _span(first, times) for part, times in found.phases.items()}
    ready = {part: as_far_as_ready(edition, part, span) for part, span in spans.items() if span is not None}
    edition.schedule = write_schedule(ready)


def _span(first: date, times: Times) -> Span | None:
    begins, ends = (_instant(first, moment) for moment in times)
    return Span(begins, ends) if begins is not None else None


def _instant(first: date, moment: Moment | None) -> datetime | None:
    if moment is None:
        return None
    try:
        return from_local(datetime.combine(first + timedelta(days=moment.day), moment.at))
    except OverflowError:
        raise Invalid(_("These dates are too far away. Choose an earlier first day.")) from None


def _first_day(edition: Edition) -> date:
    """Return the day that offsets are counted from: the first of the calendar."""
    spans = read_schedule(edition.schedule).values()
    moments = [edition.opens_at, edition.closes_at, *(span.begins_at for span in spans)]
    days = [local(moment).date() for moment in moments if moment is not None]
    return min(days, default=today())


def _as_offsets(begins: datetime | None, ends: datetime | None, first: date) -> dict[str, object]:
    times = {"begins": begins, "ends": ends}
    return {
        name: {"day": (local(at).date() - first).days, "time": f"{local(at):%H:%M}"}
        for name, at in times.items()
        if at is not None
    }


def _without_projects(rules: Mapping[str, object]) -> dict[str, object]:
    """Leave out what is said of single projects, which a blueprint does not have."""
    counting = cast("Mapping[str, object]", rules["counting"])
    return {**rules, "counting": {name: one for name, one in counting.items() if name not in OF_PROJECTS}}


def _without_money(rules: Mapping[str, object]) -> dict[str, object]:
    """Leave amounts out; contests stay, with nothing in them."""
    left = {name: value for name, value in rules.items() if name not in ("budget", "envelopes")}
    contests = left.get("contests")
    if isinstance(contests, list):
        left["contests"] = [{**one, "budget": 0} for one in contests]
    return left


def _words(error: WrongBlueprint) -> str:
    where = error.where
    return {
        Fault.NO_JSON: _("This file is not readable as JSON."),
        Fault.FORMAT: _("This file is no blueprint of an edition."),
        Fault.TOO_LARGE: _("This file is too large for a blueprint."),
        Fault.UNKNOWN: _(
            "The blueprint has something that this platform does not know: %(where)s", where=where
        ),
        Fault.MISSING: _("The blueprint lacks something: %(where)s", where=where),
        Fault.VALUE: _("The blueprint has a value that cannot be: %(where)s", where=where),
        Fault.TOO_LONG: _("Something in the blueprint is too long: %(where)s", where=where),
        Fault.TWICE: _("The blueprint has two things of the same name: %(where)s", where=where),
    }[error.fault]
