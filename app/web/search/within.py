"""Finding within one kind of things: for lists that search themselves, and for what is about the same."""

from collections.abc import Mapping, Sequence

from sqlalchemy import text

from app.core.context import current_city
from app.core.db import db
from app.core.i18n import language
from app.web.search import words as wording
from app.web.search.entries import Source
from app.web.search.finding import LEAST_ALIKE, SHORTEST_ALIKE

_BEST = """
SELECT subject FROM search_entry
WHERE module = :module AND kind = :kind AND language = :language AND {condition}
ORDER BY {rank} DESC, subject LIMIT :most
"""
_ONE = "to_tsquery(CAST(:configuration_{c} AS regconfig), :{name})"
LEAST_TITLE = 0.3
"""How alike two titles have to be to be about the same, whatever their words."""
WORDS_IN_COMMON = 2


def subjects(source: Source, typed: str, *, most: int) -> list[str]:
    """Return the subjects of a source that have all the words, the best first; else those that have them almost."""
    asked = wording.asked_words(typed)
    if not asked:
        return []
    query = _in_any_language("all_of")
    found = _best(
        source,
        condition=f"document @@ ({query})",
        rank=f"ts_rank('{{0.1, 0.2, 0.4, 1.0}}', document, ({query}), 1) * weight",
        values={**_configurations(), "all_of": wording.all_of(asked)},
        most=most,
    )
    return found or _almost(source, asked, most)


def alike(source: Source, typed: str, *, most: int) -> list[str]:
    """Return the subjects that are about the same as a title: alike in writing, or with words in common."""
    asked = list(dict.fromkeys(word for word in wording.asked_words(typed) if len(word) >= SHORTEST_ALIKE))
    if not asked:
        return []
    names = {f"word_{n}": word for n, word in enumerate(asked)}
    shared = " + ".join(
        f"CASE WHEN document @@ ({_in_any_language(name)}) THEN 1 ELSE 0 END" for name in names
    )
    title = "shared.similarity(plain_title, :title)"
    any_of = " | ".join(asked)
    return _best(
        source,
        condition=f"(document @@ ({_in_any_language('any_of')}) OR plain_title OPERATOR(shared.%) :title)"
        f" AND (({shared}) >= :in_common OR {title} >= {LEAST_TITLE})",
        rank=f"({shared}) + 2 * {title}",
        values={
            **_configurations(),
            **names,
            "title": wording.folded(typed[: wording.LONGEST]),
            "any_of": any_of,
            "in_common": min(WORDS_IN_COMMON, len(asked)),
        },
        most=most,
    )


def _almost(source: Source, asked: Sequence[str], most: int) -> list[str]:
    long = {f"word_{n}": word for n, word in enumerate(w for w in asked if len(w) >= SHORTEST_ALIKE)}
    if not long:
        return []
    db.session.execute(text(f"SET LOCAL pg_trgm.word_similarity_threshold = {LEAST_ALIKE}"))
    return _best(
        source,
        condition=f"({' OR '.join(f'(:{name} OPERATOR(shared.<%) plain_title)' for name in long)})",
        rank=f"({' + '.join(f'shared.word_similarity(:{name}, plain_title)' for name in long)}) * weight",
        values=long,
        most=most,
    )


def _in_any_language(name: str) -> str:
    """Return a query for the words called `name`, by the stems of each language of the city."""
    return " || ".join(_ONE.format(c=c, name=name) for c, _ in enumerate(_configurations()))


def _configurations() -> dict[str, str]:
    names = dict.fromkeys(wording.configuration(code) for code in current_city().languages)
    return {f"configuration_{c}": name for c, name in enumerate(names)}


def _best(source: Source, *, condition: str, rank: str, values: Mapping[str, object], most: int) -> list[str]:
    statement = text(_BEST.format(condition=condition, rank=rank))
    where = {"module": source.module, "kind": source.kind, "language": language(), "most": most}
    return list(db.session.scalars(statement, {**values, **where}))
