"""Finding: all the words first, by their stems; where nothing has them, what is written almost so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Row, text

from app.core.context import current_city
from app.core.db import db
from app.core.i18n import language
from app.web.search import words as wording
from app.web.search.entries import PLATFORM, Source, sources

IN_A_GROUP, ON_A_PAGE, MOST_PAGES = 5, 20, 50
LEAST_ALIKE = 0.45
SHORTEST_ALIKE = 3
_FOUND = """
SELECT module, kind, words_in, title, url, left(text, 4000) AS text, number, place
FROM (
  SELECT e.*, count(*) OVER of_kind AS number,
         row_number() OVER (of_kind ORDER BY {rank} DESC, title, subject) AS place
  FROM search_entry e
  WHERE language = :language AND module = ANY(:modules) AND {condition}
  WINDOW of_kind AS (PARTITION BY module, kind)
) found
WHERE place > :after AND place <= :until {kind} ORDER BY place
"""
_QUERY = "to_tsquery(CAST(:configuration_{n} AS regconfig), :all_of)"
_ALIKE = "(:word_{n} OPERATOR(shared.<%) plain_title)"
_HOW_ALIKE = "shared.word_similarity(:word_{n}, plain_title)"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found; title and excerpt in pieces, the words that were searched for marked."""

    url: str
    language: str
    title: Sequence[wording.Piece]
    excerpt: Sequence[wording.Piece]


@dataclass(slots=True)
class Group:
    """What was found of one kind; `number` counts all, `hits` are those of this page."""

    source: Source
    number: int = 0
    hits: list[Hit] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return what the address calls the kind."""
        return f"{self.source.module}.{self.source.kind}"

    @property
    def pages(self) -> int:
        """Return how many pages the kind has, as far as anybody turns them."""
        return min(MOST_PAGES, max(1, -(-self.number // ON_A_PAGE)))


@dataclass(frozen=True, slots=True)
class Results:
    """What a search came to; `almost` when nothing has the very words, with what was perhaps meant."""

    groups: list[Group] = field(default_factory=list)
    almost: bool = False
    meant: str = ""

    @property
    def number(self) -> int:
        """Return how many things were found."""
        return sum(group.number for group in self.groups)


def find(typed: str, *, kind: str = "", page: int = 1) -> Results:
    """Return what residents can find; of one kind (`module.kind`) a whole page, else the first few of each."""
    asked = wording.asked_words(typed)
    if not asked:
        return Results()
    found = _exactly(asked, kind, page)
    if found:
        return Results(_groups(found, asked))
    found = _almost(asked, kind, page)
    better = wording.meant(asked, [row.title for row in found])
    return Results(_groups(found, better or asked), bool(found), " ".join(better or ()) if found else "")


def _exactly(asked: Sequence[str], kind: str, page: int) -> Sequence[Row[tuple[object, ...]]]:
    """Return the texts with all the words, in whatever language of the city they were typed."""
    configurations = dict.fromkeys(wording.configuration(code) for code in current_city().languages)
    query = " || ".join(_QUERY.format(n=n) for n, _ in enumerate(configurations))
    values = {f"configuration_{n}": name for n, name in enumerate(configurations)}
    return _rows(
        condition=f"document @@ ({query})",
        rank=f"ts_rank('{{0.1, 0.2, 0.4, 1.0}}', document, ({query}), 1) * weight",
        values={**values, "all_of": wording.all_of(asked)},
        kind=kind,
        page=page,
    )


def _almost(asked: Sequence[str], kind: str, page: int) -> Sequence[Row[tuple[object, ...]]]:
    """Return what has words in its title that are written almost like one that was asked for."""
    long = {f"word_{n}": word for n, word in enumerate(w for w in asked if len(w) >= SHORTEST_ALIKE)}
    if not long:
        return []
    db.session.execute(text(f"SET LOCAL pg_trgm.word_similarity_threshold = {LEAST_ALIKE}"))
    return _rows(
        condition=f"({' OR '.join(_ALIKE.format(n=n) for n, _ in enumerate(long))})",
        rank=f"({' + '.join(_HOW_ALIKE.format(n=n) for n, _ in enumerate(long))}) * weight",
        values=long,
        kind=kind,
        page=page,
    )


def _rows(
    *, condition: str, rank: str, values: Mapping[str, object], kind: str, page: int
) -> Sequence[Row[tuple[object, ...]]]:
    after = ON_A_PAGE * (page - 1) if kind else 0
    module, _dot, name = kind.partition(".")
    statement = _FOUND.format(
        condition=condition,
        rank=rank,
        kind="AND module = :module AND kind = :kind" if kind else "",
    )
    return db.session.execute(
        text(statement),
        {
            **values,
            **({"module": module, "kind": name} if kind else {}),
            "language": language(),
            "modules": [*current_city().modules, PLATFORM],
            "after": after,
            "until": after + (ON_A_PAGE if kind else IN_A_GROUP),
        },
    ).all()


def _groups(found: Sequence[Row[tuple[object, ...]]], asked: Sequence[str]) -> list[Group]:
    """Return the rows under their headings."""
    plain = [wording.folded(word) for word in asked]
    rows: dict[tuple[str, str], list[Row[tuple[object, ...]]]] = {}
    for row in found:
        rows.setdefault((row.module, row.kind), []).append(row)
    groups: dict[str, Group] = {}
    for source in sources():
        if of_source := rows.get((source.module, source.kind)):
            group = groups.setdefault(source.group, Group(source))
            group.number += of_source[0].number
            group.hits += [_hit(row, plain) for row in of_source]
    return list(groups.values())


def _hit(row: Row[tuple[object, ...]], asked: Sequence[str]) -> Hit:
    return Hit(
        url=str(row.url),
        language=str(row.words_in),
        title=wording.marked(str(row.title), asked),
        excerpt=wording.marked(wording.excerpt(str(row.text), asked), asked),
    )
