"""What an archive says of itself: `manifest.json`, written by us and read from anybody."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import available_timezones

from app.core.i18n import LANGUAGES
from tenants.archive.errors import Unusable
from tenants.archive.zipped import Sum
from tenants.domains import MOST as MOST_DOMAINS

FORMAT, VERSION = "parvis-city-archive", 1
MOST_BYTES = 64 << 20
OWNER = re.compile(r"[a-z][a-z0-9_]{0,47}\Z")
REVISION = re.compile(r"[A-Za-z0-9_.-]{1,64}\Z")
IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]{0,62}\Z")
ADDRESS = re.compile(r"[a-z0-9][a-z0-9-]{0,62}\Z")
HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\Z")
CITY_ID = re.compile(r"[a-z][a-z0-9]{0,19}\Z")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}\Z")
HERO = re.compile(r"[a-z0-9:_-]{1,40}\Z")
CURRENCY = re.compile(r"[A-Z]{3}\Z")
KEPT, REPLACED = "kept", "replaced"
LOOK = re.compile(r"[a-z_]{2,40}\Z")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class City:
    """The city as the platform knows it."""

    address: str
    name: str
    published: bool
    languages: list[str]
    time_zone: str
    currency: str
    brand: str
    hero: str
    tagline: dict[str, str]
    contact_email: str
    created_at: str
    look: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Switch:
    """A module that the city has ever switched."""

    name: str
    on: bool
    changed_at: str
    changed_by: str


@dataclass(frozen=True, slots=True)
class TableInfo:
    """One table: its columns in order, the primary key its rows are ordered by, and how many rows."""

    name: str
    columns: list[str]
    key: list[str]
    rows: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """Where a sequence stands."""

    name: str
    last_value: int
    is_called: bool


@dataclass(frozen=True, slots=True)
class Binding:
    """What means something only in the city with this id, on a deployment whose secret key gives this mark."""

    id: str
    mark: str
    what: list[str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """The whole manifest; `tables` are in the order in which they can be loaded."""

    city: City
    people: str
    modules: list[Switch]
    domains: list[str]
    quotas: dict[str, int]
    revisions: dict[str, str]
    tables: list[TableInfo]
    sequences: list[Sequence]
    left_out: dict[str, str]
    bound: Binding | None = None
    members: dict[str, Sum] = field(default_factory=dict)

    def text(self) -> str:
        """Return the file."""
        whole = {"format": FORMAT, "version": VERSION, **asdict(self)}
        return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def parse(content: bytes) -> Manifest:
    """Return what a manifest says; raises Unusable for one that we could not have written."""
    try:
        raw = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Unusable("manifest.json cannot be read.") from error
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise Unusable("This is no archive of a city: manifest.json does not say so.")
    if raw.get("version") != VERSION:
        raise Unusable(
            f"The archive has version {raw.get('version')!r} of the format; this deployment knows {VERSION}."
            " Restore it with a newer Parvis."
        )
    try:
        return _manifest(_Fields(raw, "manifest.json"))
    except RecursionError as error:
        raise Unusable("manifest.json cannot be read.") from error


@dataclass(frozen=True, slots=True)
class _Fields:
    """A JSON object of which each value is asked for once, with its kind."""

    raw: Mapping[str, object]
    where: str

    def of(self, key: str, kind: type[T]) -> T:
        value = self.raw.get(key)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise Unusable(f"{self.where}: {key} is missing or of the wrong kind.")
        return value

    def word(self, key: str, shape: re.Pattern[str]) -> str:
        value = self.of(key, str)
        if not shape.match(value):
            raise Unusable(f"{self.where}: {key} cannot be {value[:60]!r}.")
        return value

    def words(self, key: str, most: int) -> str:
        value = self.of(key, str)
        if len(value) > most or "\0" in value:
            raise Unusable(f"{self.where}: {key} is too long.")
        return value

    def number(self, key: str, least: int = 0) -> int:
        value = self.of(key, int)
        if not least <= value < 1 << 63:
            raise Unusable(f"{self.where}: {key} cannot be {value}.")
        return value

    def instant(self, key: str) -> str:
        value = self.of(key, str)
        try:
            good = datetime.fromisoformat(value).tzinfo is not None
        except ValueError:
            good = False
        if not good:
            raise Unusable(f"{self.where}: {key} is no instant.")
        return value

    def each(self, key: str, make: Callable[["_Fields"], T]) -> list[T]:
        found = self.of(key, list)
        return [make(self._inner(item, f"{key}[{place}]")) for place, item in enumerate(found)]

    def names(self, key: str, shape: re.Pattern[str]) -> list[str]:
        found = self.of(key, list)
        return [_Fields({key: item}, self.where).word(key, shape) for item in found]

    def mapping(self, key: str, names: re.Pattern[str], make: Callable[["_Fields", str], T]) -> dict[str, T]:
        inner = self._inner(self.of(key, dict), key)
        return {_Fields({key: name}, inner.where).word(key, names): make(inner, name) for name in inner.raw}

    def _inner(self, value: object, where: str) -> "_Fields":
        if not isinstance(value, dict):
            raise Unusable(f"{self.where}: {where} is of the wrong kind.")
        return _Fields(value, f"{self.where}: {where}")


ANYTHING = re.compile(r"[^\0]{1,400}\Z", re.DOTALL)


def _manifest(raw: _Fields) -> Manifest:
    modules, domains = raw.each("modules", _switch), raw.names("domains", HOST)
    _once([switch.name for switch in modules], len(modules), f"{raw.where}: modules")
    _once(domains, MOST_DOMAINS, f"{raw.where}: domains")
    return Manifest(
        city=_city(raw._inner(raw.of("city", dict), "city")),
        people=raw.word("people", re.compile(rf"(?:{KEPT}|{REPLACED})\Z")),
        modules=modules,
        domains=domains,
        quotas=raw.mapping("quotas", re.compile(r"[a-z_]{1,32}\Z"), _Fields.number),
        revisions=raw.mapping("revisions", OWNER, lambda inner, name: inner.word(name, REVISION)),
        tables=raw.each("tables", _table),
        sequences=raw.each("sequences", _sequence),
        left_out=raw.mapping("left_out", ANYTHING, lambda inner, name: inner.words(name, 1000)),
        bound=None if raw.raw.get("bound") is None else _binding(raw._inner(raw.of("bound", dict), "bound")),
        members=raw.mapping(
            "members", ANYTHING, lambda inner, name: _sum(inner._inner(inner.raw[name], name))
        ),
    )


def _once(names: list[str], most: int, where: str) -> None:
    if len(set(names)) != len(names) or len(names) > most:
        raise Unusable(f"{where} are named twice, or too many.")


def _city(raw: _Fields) -> City:
    languages = raw.names("languages", re.compile(r"[a-z]{2,3}\Z"))
    if not languages or len(set(languages)) != len(languages) or not set(languages) <= set(LANGUAGES):
        raise Unusable(f"{raw.where}: languages has some that this deployment does not speak.")
    if raw.of("time_zone", str) not in available_timezones():
        raise Unusable(f"{raw.where}: time_zone is none that this deployment knows.")
    return City(
        address=raw.word("address", ADDRESS),
        name=raw.words("name", 120),
        published=raw.of("published", bool),
        languages=languages,
        time_zone=raw.of("time_zone", str),
        currency=raw.word("currency", CURRENCY),
        brand=raw.word("brand", COLOUR),
        hero=raw.word("hero", HERO),
        tagline=raw.mapping(
            "tagline", re.compile(r"[a-z]{2,3}\Z"), lambda inner, code: inner.words(code, 2000)
        ),
        contact_email=raw.words("contact_email", 254),
        created_at=raw.instant("created_at"),
        # Archives of versions before do not have it.
        look=raw.mapping("look", LOOK, lambda inner, key: inner.words(key, 4000))
        if "look" in raw.raw
        else {},
    )


def _switch(raw: _Fields) -> Switch:
    return Switch(
        raw.word("name", OWNER), raw.of("on", bool), raw.instant("changed_at"), raw.words("changed_by", 160)
    )


def _table(raw: _Fields) -> TableInfo:
    columns = raw.names("columns", IDENTIFIER)
    if not columns or len(set(columns)) != len(columns):
        raise Unusable(f"{raw.where}: columns are missing or named twice.")
    return TableInfo(raw.word("name", IDENTIFIER), columns, raw.names("key", IDENTIFIER), raw.number("rows"))


def _sequence(raw: _Fields) -> Sequence:
    last = raw.number("last_value", -(1 << 63))
    return Sequence(raw.word("name", IDENTIFIER), last, raw.of("is_called", bool))


def _binding(raw: _Fields) -> Binding:
    mark = raw.word("mark", re.compile(r"[0-9a-f]{64}\Z"))
    return Binding(raw.word("id", CITY_ID), mark, raw.names("what", ANYTHING))


def _sum(raw: _Fields) -> Sum:
    return Sum(raw.number("length"), raw.word("sha256", re.compile(r"[0-9a-f]{64}\Z")))


def instant(moment: datetime) -> str:
    """Return an instant as the manifest writes it."""
    return moment.astimezone(UTC).isoformat()
