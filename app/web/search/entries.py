"""What can be found in a city: each part of the product says what residents may find of it, and when that changes.

The table is a copy made for searching. It holds what anybody may read and nothing else, and can be made anew at any
time from what the parts say (docs/decisions/0025-search.md).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from uuid import UUID

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from sqlalchemy import Float, String, Text, delete, select, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.core.context import current_city
from app.core.db import CityModel, db
from app.core.exporting import left_out
from app.core.i18n import gettext as _
from app.core.text import Localized, pick
from app.registry import Module, module_of, modules
from app.web.search.words import configuration, folded

PLATFORM = "platform"
SERVICES = "platform.service"
LONGEST_TEXT = 20_000
CHUNK = 500
MADE_ANEW = "A copy for searching; it is made anew from what it is about."


class SearchEntry(CityModel):
    """One thing that can be found, in one language of the city; `words_in` is the language its words really are in."""

    __tablename__ = "search_entry"
    __table_args__ = ({"info": left_out(MADE_ANEW)},)

    module: Mapped[str] = mapped_column(String(48), primary_key=True)
    kind: Mapped[str] = mapped_column(String(48), primary_key=True)
    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    words_in: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(String(500))
    weight: Mapped[float] = mapped_column(Float)
    plain_title: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(TSVECTOR)


@dataclass(frozen=True, slots=True)
class Findable:
    """One thing that residents may find; whoever can open `url` is everybody."""

    subject: str | UUID
    url: str
    """A path on the city's own site."""
    title: Localized
    text: Localized = field(default_factory=dict)
    weight: float = 1.0
    """How much more it matters than others that match as well."""


_WRITE = text(
    """
INSERT INTO search_entry
  (module, kind, subject, language, words_in, title, text, url, weight, plain_title, document)
VALUES (:module, :kind, :subject, :language, :words_in, :title, :text, :url, :weight, :plain_title,
  setweight(to_tsvector(CAST(:configuration AS regconfig), :plain_title), 'A')
  || setweight(to_tsvector(CAST(:configuration AS regconfig), :plain_text), 'C'))
"""
)
Only = Collection[UUID | str] | None
"""The subjects that are asked for; None for all."""

Say = Callable[[Only], Iterable[Findable]]


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of findable things of a module; `say` yields those that are public, all or some."""

    module: str
    kind: str
    title: str
    order: int
    say: Say
    group: str = ""
    """Under which heading it is listed; sources of one group share theirs."""

    def index(self, *subjects: UUID | str) -> None:
        """Have these found as they are now, or no longer when they are not public; in the transaction of the change."""
        db.session.flush()
        _hold(alone=False)
        _forget(self, subjects)
        _write(self, self.say(subjects))


SOURCES: dict[tuple[str, str], Source] = {}


def searchable(kind: str, title: str, *, order: int = 50) -> Callable[[Say], Source]:
    """Declare a kind of things that residents may find: `title` is its name in the plural, lazily translated.

    The function yields all of them, or only those whose subjects it is given; nothing for one that is not public.
    """

    def declare(say: Say) -> Source:
        try:
            module = module_of(say.__module__).name
        except LookupError:
            module = PLATFORM
        source = Source(module, kind, title, order, say, f"{module}.{kind}")
        SOURCES[module, kind] = source
        return source

    return declare


def sources() -> list[Source]:
    """Return what can be found in the city being served, in the order of its headings."""
    on = current_city().modules | {PLATFORM}
    declared = (source for source in SOURCES.values() if source.module in on)
    return sorted([*_services(), *declared], key=lambda s: (s.order, s.kind))


def rebuild(*, only: frozenset[str] | None = None) -> int:
    """Make the entries of the city anew, or those of some modules; returns how many there are of them."""
    _hold(alone=True)
    gone = delete(SearchEntry)
    db.session.execute(gone if only is None else gone.where(SearchEntry.module.in_(only)))
    wanted = (source for source in sources() if only is None or source.module in only)
    return sum(_write(source, source.say(None)) for source in wanted)


def missing() -> frozenset[str]:
    """Return the modules that are on and of which nothing can be found: newly on, restored, or empty."""
    known = set(db.session.scalars(select(SearchEntry.module).distinct()))
    return frozenset({source.module for source in sources()} - known)


def _services() -> Iterator[Source]:
    """Yield each module that is on and has pages for residents as one thing to be found."""
    for module in modules().values():
        if module.name in current_city().modules and module.in_menu:
            yield Source(module.name, "service", _l("Services"), 0, partial(_service, module), SERVICES)


def _service(module: Module, _only: Only) -> Iterator[Findable]:
    title, text_ = in_all_languages(module.title), in_all_languages(module.summary)
    yield Findable(module.name, f"/{module.path}/", title, text_, weight=2)


def in_all_languages(message: str) -> Localized:
    """Return a message of a catalogue in each language of the city."""
    said: Localized = {}
    for language in current_city().languages:
        with force_locale(language):
            said[language] = _(message)
    return said


def _hold(*, alone: bool) -> None:
    """Keep a rebuild and changes apart: a change that waits for it would else leave what the rebuild had read before."""
    shared = "" if alone else "_shared"
    key = {"key": f"search {current_city().id}"}
    db.session.execute(text(f"SELECT pg_advisory_xact_lock{shared}(hashtextextended(:key, 0))"), key)


def _forget(source: Source, subjects: Collection[UUID | str]) -> None:
    db.session.execute(
        delete(SearchEntry).where(
            SearchEntry.module == source.module,
            SearchEntry.kind == source.kind,
            SearchEntry.subject.in_([str(subject) for subject in subjects]),
        )
    )


def _write(source: Source, found: Iterable[Findable]) -> int:
    number, rows = 0, _rows(source, found)
    while some := list(islice(rows, CHUNK)):
        db.session.execute(_WRITE, some)
        number += len(some)
    return number


def _rows(source: Source, found: Iterable[Findable]) -> Iterator[dict[str, object]]:
    languages = current_city().languages
    for one in found:
        for language in languages:
            order = (language, *(code for code in languages if code != language))
            title = pick(one.title, order)
            if title.text:
                yield _row(source, one, language, title.language, title.text)


def _row(source: Source, one: Findable, language: str, words_in: str, title: str) -> dict[str, object]:
    words: Mapping[str, str] = one.text
    body = (words.get(words_in) or pick(words, (language,)).text)[:LONGEST_TEXT]
    return {
        "module": source.module,
        "kind": source.kind,
        "subject": str(one.subject),
        "language": language,
        "words_in": words_in,
        "title": title,
        "text": body,
        "url": one.url,
        "weight": one.weight,
        "plain_title": folded(title),
        "plain_text": folded(body),
        "configuration": configuration(words_in),
    }
