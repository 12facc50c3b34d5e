"""Search in a city with 2,356 ideas, 300 projects and 2,000 articles; statistics over a million counted rows.

The pages are asked for as a visitor does, through the whole application. The baseline of the search is what a module
would write without it: ILIKE over the same rows, one condition a word, the first twenty; it finds no other forms of a
word, forgives nothing and ranks nothing.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

from flask import Flask
from sqlalchemy import text

from app.core import config, jobs
from app.core.clock import today
from app.core.context import serving
from app.core.db import db, end_transaction
from app.core.patience import patient
from app.factory import create_app
from app.testing import cities
from app.testing.browsers import Browser, open_browser
from app.testing.services import throw_away_services
from app.web.search import Findable, Only, rebuild
from app.web.search.entries import SOURCES, Source
from benchmarks.measuring import Sample, machine, parser, say, sized, table
from tenants import resolve

IDEAS, PROJECTS, ARTICLES = 2356, 300, 2000
ROWS = 1_000_000
PARIS = "http://paris.localhost:8000"
VOCABULARY = 8_000
LANGUAGES = ("fr", "en", "hu", "es")
_PARTS = ("ba", "bi", "co", "da", "do", "fa", "ga", "jar", "ki", "la", "li", "ma", "mo", "na", "pa", "par", "qui",
          "ra", "ri", "ru", "sa", "so", "ta", "ti", "tor", "va", "ve", "vil")  # fmt: skip
_LIKE = """
SELECT title, left(text, 300) FROM search_entry WHERE language = 'fr' AND {conditions} LIMIT 20
"""


def main() -> None:
    """Measure and print the table."""
    options = sized(parser(__doc__ or "", cities=2, rounds=20).parse_args())
    with throw_away_services() as (database, cache):
        settings = {"DATABASE_URL": database, "REDIS_URL": cache, "MAIL_URL": "file:///tmp/mail", "PORT": "8000",
                    "FILES_DIR": "/tmp/parvis-benchmark-files", "DNS_SERVERS": "127.0.0.1:9"}  # fmt: skip
        app = create_app(config.read(settings))
        app.test_client_class = Browser
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_FAILURES=True)
        jobs.discard_nudges()
        cities.make_schemas(app)
        cities.fresh(app)
        words = _words()
        took = _fill(app, words, small=options.small)
        with app.test_request_context(base_url=PARIS), serving(resolve.city_by_slug("paris")):
            version = str(db.session.scalar(text("SHOW server_version")))
            end_transaction(keep=False)
        say(f"entered everything in {took:.1f} s")
        rows = [_line(name, sample) for name, sample in _search(app, words, options.rounds)]
        rows += [_line(name, sample) for name, sample in _statistics(app, small=options.small)]
    print(machine(version))
    print(table(("", "times", "median ms", "p95 ms", "p99 ms"), rows))


def _words() -> list[str]:
    """Return words of two to four syllables, the most frequent ones first."""
    draw = random.Random(4)
    found: dict[str, None] = {}
    while len(found) < VOCABULARY:
        found["".join(draw.choices(_PARTS, k=draw.randint(2, 4)))] = None
    return list(found)


def _text(draw: random.Random, words: Sequence[str], length: int) -> str:
    """Return words as often as in a language: the tenth a tenth as often as the first."""
    return " ".join(words[min(int(draw.paretovariate(0.6)) - 1, len(words) - 1)] for _ in range(length))


def _things(
    words: Sequence[str], number: int, length: int, seed: int
) -> Callable[[Only], Iterator[Findable]]:
    def say_them(_only: Only) -> Iterator[Findable]:
        draw = random.Random(seed)
        for place in range(number):
            title = {code: _text(draw, words, 6) for code in LANGUAGES}
            yield Findable(
                str(place), f"/thing/{place}", title, {c: _text(draw, words, length) for c in title}
            )

    return say_them


def _fill(app: Flask, words: Sequence[str], *, small: bool) -> float:
    share = 20 if small else 1
    for order, (kind, number, length) in enumerate(
        (("idea", IDEAS, 120), ("project_", PROJECTS, 80), ("article_", ARTICLES, 300))
    ):
        say_them = _things(words, number // share, length, order)
        SOURCES["news", kind] = Source("news", kind, kind, order, say_them, f"news.{kind}")
    with (
        app.test_request_context(base_url=PARIS),
        serving(resolve.city_by_slug("paris")),
    ):
        before = time.perf_counter()
        rebuild()
        end_transaction(keep=True)
        took = time.perf_counter() - before
        db.session.execute(text("ANALYZE search_entry"))
        end_transaction(keep=True)
    return took


def _search(app: Flask, words: Sequence[str], rounds: int) -> Iterator[tuple[str, Sample]]:
    draw = random.Random(7)
    typed = {
        "search, one frequent word": [words[draw.randint(0, 20)] for _ in range(rounds)],
        "search, one rare word": [words[draw.randint(500, 4000)] for _ in range(rounds)],
        "search, two words": [
            f"{words[draw.randint(0, 50)]} {words[draw.randint(20, 400)]}" for _ in range(rounds)
        ],
        "search, beginning of a word": [words[draw.randint(20, 400)][:4] for _ in range(rounds)],
        "search, typing error": [_mistyped(draw, words[draw.randint(100, 2000)]) for _ in range(rounds)],
    }
    samples = {
        name: Sample()
        for name in (*typed, "ILIKE, one frequent word", "ILIKE, one rare word", "ILIKE, two words")
    }
    visitor, asked = open_browser(app, "paris"), 0
    for turn in range(rounds):
        for name, queries in typed.items():
            asked += 1
            # Each from an address of its own: searching is limited for one.
            address = {"REMOTE_ADDR": f"10.{asked // 65536}.{asked // 256 % 256}.{asked % 256}"}
            samples[name].wall.append(_timed(lambda q=queries[turn], a=address: _ask(visitor, q, a)))
        for name in ("one frequent word", "one rare word", "two words"):
            samples[f"ILIKE, {name}"].wall.append(
                _timed(lambda q=typed[f"search, {name}"][turn]: _like(app, q))
            )
    return iter(samples.items())


def _ask(visitor: Browser, typed: str, address: dict[str, str]) -> None:
    page = visitor.get("/search", query_string={"q": typed}, environ_overrides=address)
    assert page.status_code == 200, page.status_code


def _like(app: Flask, typed: str) -> None:
    parts = typed.split()
    conditions = " AND ".join(f"(title || ' ' || text) ILIKE :w{n}" for n, _ in enumerate(parts))
    values = {f"w{n}": f"%{word}%" for n, word in enumerate(parts)}
    with (
        app.test_request_context(base_url=PARIS),
        serving(resolve.city_by_slug("paris")),
    ):
        db.session.execute(text(_LIKE.format(conditions=conditions)), values).all()
        end_transaction(keep=False)


def _mistyped(draw: random.Random, word: str) -> str:
    place = draw.randint(1, len(word) - 2)
    return word[:place] + word[place + 1 :] + ("" if len(word) > 5 else "x")


def _statistics(app: Flask, *, small: bool) -> Iterator[tuple[str, Sample]]:
    number = ROWS // 20 if small else ROWS
    with (
        patient(),
        app.test_request_context(base_url=PARIS),
        serving(resolve.city_by_slug("paris")),
    ):
        db.session.execute(
            text(
                "INSERT INTO statistic (module, measure, day, dimension, number)"
                " SELECT 'participatory_budget', CASE n % 10 WHEN 0 THEN 'voters' ELSE 'other' || n % 10 END,"
                " CAST(:day AS date) - n / 10 % 1000, 'edition-' || n / 10000, n % 97"
                " FROM generate_series(1, :number) n"
            ),
            {"day": today() - timedelta(days=1), "number": number},
        )
        end_transaction(keep=True)
        db.session.execute(text("ANALYZE statistic"))
        end_transaction(keep=True)
    staff = open_browser(app, "paris", role="administrator")
    for name, days in (("statistics, 30 days", 30), ("statistics, 365 days", 365)):
        sample = Sample()
        period = {"first": str(today() - timedelta(days=days)), "last": str(today())}
        for _turn in range(10):
            sample.wall.append(
                _timed(lambda p=period: staff.get("/admin/statistics/participatory_budget", query_string=p))
            )
        yield f"{name}, {number:,} rows", sample


def _timed(act: Callable[[], object]) -> float:
    before = time.perf_counter()
    act()
    return time.perf_counter() - before


def _line(name: str, sample: Sample) -> tuple[str, ...]:
    return (
        name,
        str(len(sample.wall)),
        *(f"{sample.percentile(share) * 1000:.1f}" for share in (50, 95, 99)),
    )


if __name__ == "__main__":
    main()
