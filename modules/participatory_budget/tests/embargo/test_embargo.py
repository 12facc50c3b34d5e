"""Two worlds that differ only in who got the votes look the same to everybody, until the result is published."""

import re
from datetime import timedelta
from difflib import unified_diff

import pytest
from sqlalchemy import text

from app.core import redis
from app.notify import choices
from app.sdk import now
from app.web.webhooks import keeping
from modules.participatory_budget.rules.ballots import encode_choices
from modules.participatory_budget.rules.phases import Stage
from modules.participatory_budget.services import certifying, closing, counting, followers
from tenants import schema

from .. import arranging
from ..voter import PAGES
from .addresses import addresses, links, said

HERS = [3]
WORLDS = ([1, 2], [9, 10])
VOTERS = 12
COUNTERS = re.compile(":(limits|mails):|:use(-|$)")
"""How often somebody asked, and how many mails left."""
MOST_LINKS = 40
TOLD = ("notification", "notification_delivery", "mail", "webhook_delivery")
"""Tables of what people and programs are told."""
DRAWN = "{id,notification_id,digest_id,webhook_id,milliseconds,next_at}"
"""Their columns that are drawn anew for each message."""
BOX, SEALED = "participatory_budget_ballot", "participatory_budget_sealed_ballot"
PUBLIC_AFTER = (
    f"{PAGES}/2026/results",
    f"{PAGES}/2026/results/results.csv",
    f"{PAGES}/2026/results/ballots.pb",
    f"{PAGES}/2026/results/protocol.json",
    f"{PAGES}/2026/results/bundle.zip",
    f"{PAGES}/2026/embed/results",
    f"{PAGES}/2026/open-data/results.csv",
    "/api/v1/participatory-budget/editions/2026/result",
)
UNSUBSCRIBED = re.compile(r"(?<=/unsubscribe/)[\w.~%-]+")
"""What ends a topic with one click: drawn for each letter."""


@pytest.fixture
def vote(in_city, site, frozen):
    """An open vote in which anna keeps to her choice, and all others choose alike."""
    frozen("2026-11-22T10:00")
    emails = [f"voter{number}@paris.example" for number in range(VOTERS)]
    people = {email: site("paris", role="resident", email=email) for email in ("anna@paris.example", *emails)}
    with in_city("paris"):
        edition = arranging.opened(arranging.approval())
        ballots = [(arranging.person(email), WORLDS[0]) for email in emails]
        arranging.cast(edition, [(arranging.person("anna@paris.example"), HERS), *ballots])
    return people["anna@paris.example"]


@pytest.fixture
def world(app):
    """Have everybody but anna choose as in one of the worlds; nobody in the city may do that."""

    def act(number, table):
        given = {"hers": encode_choices(HERS), "choices": encode_choices(WORLDS[number])}
        with app.app_context(), schema.owner_transaction() as connection:
            others = f"UPDATE c_testparis.{table} SET choices = :choices WHERE choices <> :hers"
            assert connection.execute(text(others), given).rowcount == VOTERS

    return act


@pytest.fixture
def counted(app, in_city, run_tasks, world):
    """Count the sealed ballots of a world anew, as if there had been no other."""

    def act(number, then=lambda edition: None):
        world(number, SEALED)
        with app.app_context(), schema.owner_transaction() as connection:
            connection.execute(text("DELETE FROM c_testparis.participatory_budget_count"))
        with in_city("paris"):
            edition = arranging.edition_of()
            edition.published_at = edition.publish_at = None
            counting.start(edition)
        run_tasks()
        with in_city("paris"):
            edition = arranging.edition_of()
            assert edition.stage is Stage.COUNTED
            then(edition)
        run_tasks()

    return act


@pytest.fixture
def people(site, vote):
    """Return browsers of people who must learn nothing: they are the same in both worlds."""
    return {
        "visitor": site("paris"),
        "voter": vote,
        "resident": site("paris", role="resident", email="rita@paris.example"),
        "viewer": site("paris", role="viewer", email="victor@paris.example"),
        "editor": site("paris", role="editor", email="edith@paris.example"),
    }


@pytest.fixture
def told(app, in_city, vote, mails):
    """Return what followers and a program were told since it was last asked; the clock stands still."""
    with in_city("paris"):
        subject, anna = followers.subject(arranging.edition_of()), arranging.person("anna@paris.example")
        choices.save(anna.id, {"followed": {"mail": "at_once"}}, choices.Quiet(), [])
        keeping.add("Program", "http://127.0.0.1:9/", keeping.choosable())
    assert vote.post("/account/notifications/follow", data={"subject": subject, "follow": "1"}).location
    known: set[str] = set()

    def look():
        letters = [letter for letter in mails() if letter["ident"] not in known]
        known.update(letter.pop("ident") for letter in letters)
        found = {("told", "letters"): UNSUBSCRIBED.sub("…", "\n".join(sorted(map(str, letters))))}
        with app.app_context(), schema.owner_transaction() as connection:
            for table in TOLD:
                rows = f"SELECT (to_jsonb(t) - '{DRAWN}'::text[])::text FROM c_testparis.{table} t ORDER BY 1"
                found["told", table] = "\n".join(connection.scalars(text(rows)))
                connection.execute(text(f"DELETE FROM c_testparis.{table}"))
        return found

    return look


@pytest.fixture
def seen(app, in_city, people, told):
    """Return all that some people can read of the city now, what they were told, and what Redis keeps of it."""
    asked: dict[str, list[str]] = {}
    most_of: dict[str, int] = {}
    for browser in people.values():
        # Each browser sees the projects in an order of its own, from here on.
        browser.get(f"{PAGES}/2026/projects")
    # No address changes who somebody is to the next one.
    cookies = {name: dict(browser._cookies) for name, browser in people.items()}

    def look(*names):
        found = told()
        with in_city("paris"):
            edition = arranging.edition_of()
            values = {
                "slug": ["2026"],
                "number": [1],
                "edition_id": [edition.id],
                "name": ["projects", "results", "turnout", "realisation"],
                "code": ["en"],
                "way": ["mail"],
            }
            redis.client().flushdb()
        every = addresses(app, values)
        for name in names:
            mine = asked.setdefault(name, [one for one in every if _reads(name, one)])
            most = most_of.setdefault(name, len(mine) + MOST_LINKS)
            for path in mine:
                people[name]._cookies = dict(cookies[name])
                answer = people[name].get(path)
                found[name, path] = said(answer)
                mine += sorted(links(answer, PAGES) - set(mine))[: max(0, most - len(mine))]
        with app.app_context():
            kept = [key for key in redis.client().keys("*") if not COUNTERS.search(key)]
            found["redis", "keys"] = "\n".join(sorted(kept))
        return found

    return look


def _reads(name, path):
    """Tell what somebody looks at: visitors all of the site, others its pages about the budget, staff theirs."""
    if name == "visitor" and "/participatory-budget" not in path:
        return not re.search("/(admin|account|console|operators|sign|r/)", path)
    is_staff = name in ("viewer", "editor")
    return path in ("/", "/admin/") or ("participatory-budget" in path and is_staff == ("/admin" in path))


def differing(one, other):
    return {
        key: list(unified_diff(one.get(key, "").split("\n"), other.get(key, "").split("\n"), n=0))[:8]
        for key in one | other
        if one.get(key) != other.get(key)
    }


def test_while_people_vote_nobody_can_tell_for_whom(world, seen, told):
    told()
    found = []
    for number in range(2):
        world(number, BOX)
        found.append(seen("visitor", "voter", "resident", "viewer"))
    assert differing(*found) == {}
    answered = [path for (name, path), words in found[0].items() if words.startswith("200") and PAGES in path]
    assert len(set(answered)) > 30


def test_between_the_close_and_the_publication_nobody_can_tell_who_won(in_city, counted, seen, told, world):
    with in_city("paris"):
        closing.close_now(arranging.edition_of().id)
        closing.seal_and_count(arranging.edition_of().id)
    told()
    sealed = []
    for number in range(2):
        world(number, SEALED)
        sealed.append(seen("visitor", "viewer"))
    assert differing(*sealed) == {}

    drafts, planned = [], []
    for number in range(2):
        counted(number)
        drafts.append(seen("visitor", "voter", "viewer", "editor"))
    for number in range(2):
        counted(number, _publish_tomorrow)
        planned.append(seen("visitor", "editor"))
    assert differing(*drafts) == {}
    assert differing(*planned) == {}


def test_once_published_the_worlds_differ_wherever_the_result_is_shown(in_city, counted, seen, told):
    with in_city("paris"):
        closing.close_now(arranging.edition_of().id)
        closing.seal_and_count(arranging.edition_of().id)
    told()
    found = []
    for number in range(2):
        counted(number, arranging.published)
        found.append(seen("visitor"))
    assert {path for _name, path in differing(*found)} >= set(PUBLIC_AFTER)
    # They are told that there is a result, not what it is.
    assert {one: how for one, how in differing(*found).items() if one[0] == "told"} == {}
    messages = {table: words for (name, table), words in found[0].items() if name == "told"}
    assert "participatory_budget.result_published" in messages["webhook_delivery"]
    assert "participatory_budget.result_published" in messages["notification"]
    assert "anna@paris.example" in messages["letters"]


def _publish_tomorrow(edition):
    arranging.certified(edition)
    certifying.publish_result(edition.id, now() + timedelta(days=1))
