"""Lists, search and suggestions in an edition with 2,356 ideas, asked for as a visitor does, through the whole application.

The baseline is what a module would write without the search table: ILIKE over the same ideas, one condition a word.
"""

import random
import time
from datetime import timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import insert, text

from app.core import config, jobs
from app.core.clock import now
from app.core.context import serving
from app.core.db import db, end_transaction
from app.core.ids import new_id
from app.factory import create_app
from app.testing import cities
from app.testing.browsers import Browser, open_browser
from app.testing.services import throw_away_services
from benchmarks.measuring import Sample, machine, parser, say, sized, table
from benchmarks.search import PARIS, _line, _mistyped, _text, _timed, _words
from modules.participatory_budget.models import District, Edition, Idea, IdeaSupport
from modules.participatory_budget.rules.ideas.rules import IdeaRules, Publication, write_idea_rules
from modules.participatory_budget.rules.ideas.states import IdeaState, Source
from modules.participatory_budget.rules.schedule import Part, Span, write_schedule
from modules.participatory_budget.services import editions
from modules.participatory_budget.services.finding import find_ideas
from tenants import resolve

IDEAS, SUPPORTS = 2356, 60_000
BASE = "/participatory-budget/2026/ideas"
HTMX = {"HX-Request": "true"}


def main() -> None:
    """Measure and print the table."""
    options = sized(parser(__doc__ or "", cities=2, rounds=40).parse_args())
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
        with app.test_request_context(base_url=PARIS), serving(resolve.city_by_slug("paris")):
            _fill(words, options.small)
            version = str(db.session.scalar(text("SHOW server_version")))
            end_transaction(keep=True)
        samples = _ask(app, words, options.rounds)
    print(machine(version))
    print(table(("", "times", "median ms", "p95 ms", "p99 ms"), [_line(*one) for one in samples.items()]))


def _fill(words: list[str], small: bool) -> None:
    draw, moment = random.Random(5), now()
    edition = editions.create("2026", {"fr": "Budget participatif"})
    edition.districts = [District(key=f"d{n}", position=n, name=f"District {n}") for n in range(20)]
    span = Span(moment - timedelta(days=1), moment + timedelta(days=30))
    edition.schedule = write_schedule({Part.IDEAS: span, Part.SUPPORT: span})
    edition.idea_rules = write_idea_rules(IdeaRules(publication=Publication.AT_ONCE))
    editions.show(edition.id)
    db.session.flush()
    ideas = [_idea(draw, words, edition, n, moment) for n in range(1, (IDEAS // 20 if small else IDEAS) + 1)]
    db.session.execute(insert(Idea), ideas)
    _support(draw, edition.id, [idea["id"] for idea in ideas], SUPPORTS // 20 if small else SUPPORTS)
    before = time.perf_counter()
    find_ideas(edition)
    say(f"entered {len(ideas)} ideas into the search table in {time.perf_counter() - before:.1f} s")
    db.session.execute(text("ANALYZE"))


def _idea(
    draw: random.Random, words: list[str], edition: Edition, number: int, moment: object
) -> dict[str, object]:
    return {
        "id": new_id(), "edition_id": edition.id, "number": number, "state": IdeaState.PUBLISHED,
        "title": _text(draw, words, 6)[:120], "text": _text(draw, words, 120), "language": "fr",
        "district": f"d{draw.randrange(20)}", "longitude": 2.22 + draw.random() * 0.25,
        "latitude": 48.81 + draw.random() * 0.1, "source": Source.WEB, "doubts": [], "supports": 0,
        "created_at": moment, "changed_at": moment, "submitted_at": moment, "published_at": moment, "version": 1,
    }  # fmt: skip


def _support(draw: random.Random, edition_id: UUID, ideas: list[object], number: int) -> None:
    rows = [
        {
            "idea_id": ideas[min(int(draw.paretovariate(0.9)) - 1, len(ideas) - 1)],
            "supporter": n.to_bytes(32, "big"),
            "edition_id": edition_id,
            "place": 1,
        }
        for n in range(number)
    ]
    db.session.execute(insert(IdeaSupport), rows)
    db.session.execute(
        text(
            "UPDATE participatory_budget_idea i SET supports = s.n FROM (SELECT idea_id, count(*) AS n FROM"
            " participatory_budget_idea_support GROUP BY idea_id) s WHERE s.idea_id = i.id"
        )
    )


def _ask(app: Flask, words: list[str], rounds: int) -> dict[str, Sample]:
    draw, visitor = random.Random(8), open_browser(app, "paris")
    asked = {
        "list, random order": lambda: {"page": draw.randint(1, 4)},
        "list, most supported": lambda: {"order": "support"},
        "search, frequent word": lambda: {"q": words[draw.randint(0, 20)]},
        "search, rare word": lambda: {"q": words[draw.randint(500, 4000)]},
        "search, typing error": lambda: {"q": _mistyped(draw, words[draw.randint(100, 2000)])},
    }
    samples = {name: Sample() for name in (*asked, "suggestions while typing", "ILIKE, frequent word")}
    for turn in range(rounds):
        here = {"REMOTE_ADDR": f"10.0.{turn // 256}.{turn % 256}"}
        for name, query in asked.items():
            given = query()
            samples[name].wall.append(_timed(lambda g=given: _page(visitor, BASE, g)))
        title = {"title": _text(draw, words, 6)}
        typed = lambda t=title, h=here: _page(visitor, f"{BASE}/alike", t, environ_overrides=h, headers=HTMX)  # noqa: E731
        samples["suggestions while typing"].wall.append(_timed(typed))
        samples["ILIKE, frequent word"].wall.append(_timed(lambda w=words[turn % 20]: _like(app, w)))
    return samples


def _page(visitor: Browser, path: str, query: dict[str, object], **how: object) -> None:
    answer = visitor.get(path, query_string=query, **how)
    assert answer.status_code == 200, answer.status_code


def _like(app: Flask, word: str) -> None:
    with app.test_request_context(base_url=PARIS), serving(resolve.city_by_slug("paris")):
        found = "SELECT id, title FROM participatory_budget_idea WHERE (title || ' ' || text) ILIKE :word LIMIT 24"
        db.session.execute(text(found), {"word": f"%{word}%"}).all()
        end_transaction(keep=False)


if __name__ == "__main__":
    main()
