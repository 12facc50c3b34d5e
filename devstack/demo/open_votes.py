"""Votes with other ballots than the first ones: grades by district, points by mail code and on paper."""

import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from app.core.clock import from_local, local, now, today
from app.core.context import current_city
from app.core.db import db
from devstack.demo import content
from modules.participatory_budget.models import (
    Ballot,
    Category,
    Contest,
    District,
    Edition,
    RollEntry,
    Turnout,
    TurnoutShare,
)
from modules.participatory_budget.rules.ballots import BallotType
from modules.participatory_budget.rules.contests import ContestsBy
from modules.participatory_budget.rules.marks import encode_marks
from modules.participatory_budget.rules.outcomes import Method
from modules.participatory_budget.rules.statistics.census import Census, Dimension
from modules.participatory_budget.rules.ways import Access, Channel, Way, write_access
from modules.participatory_budget.services import editions, projects
from modules.participatory_budget.services.paper_votes import stations
from modules.participatory_budget.services.statistics import representativeness

_Table = dict[str, Any]
SOURCE = "Invented for this demonstration"
FIRST_HOUR, LAST_HOUR = 8, 21


def load(slug: str) -> None:
    """Open the city's vote with marks, if its data have one."""
    given = content.open_vote(slug)
    if not given:
        return
    edition = prepared(given)
    editions.show(edition.id)
    editions.fix_ballot(edition.id)
    for name in given.get("stations", ()):
        stations.make(edition, name, "")
    db.session.refresh(edition)
    cast(edition, given)
    if census := given.get("census"):
        representativeness.keep(edition.id, Census({Dimension.AGE: census}), SOURCE)
        representativeness.show_live(edition.id, live=True)


def prepared(given: _Table) -> Edition:
    """Make a vote with its categories, districts and projects, in draft."""
    edition = editions.create(given["key"], dict(given["title"]))
    edition.summary, edition.description = dict(given["summary"]), dict(given["description"])
    edition.ballot_type, edition.method = BallotType(given["ballot"]), Method(given["method"])
    edition.balloting = dict(given["balloting"])
    edition.voting_ways = write_access(Access(tuple(Way(one) for one in given["ways"])))
    edition.opens_at, edition.closes_at = _at(given["opens_in_days"], 8), _at(given["closes_in_days"], 18)
    categories = [Category(key=one["key"], name=dict(one["name"])) for one in given["category"]]
    editions.set_categories(edition, categories)
    _divide(edition, given)
    for one in given["project"]:
        texts = projects.ProjectTexts(
            title=dict(one["title"]),
            summary=dict(one["summary"]),
            cost=one["cost"] * 100,
            category=one["category"],
            district=one.get("district", ""),
        )
        projects.add(edition.id, texts)
    return edition


def _divide(edition: Edition, given: _Table) -> None:
    used = {one.get("district", "") for one in given["project"]} - {""}
    city = next(one for one in content.cities() if one.slug == current_city().slug)
    for position, name in enumerate(one for one in city.districts if one in used):
        edition.districts.append(District(key=name, name=name, position=position))
    edition.outlines = content.outlines(current_city().slug)
    money = given.get("contests", {})
    edition.budget = given.get("budget", sum(money.values())) * 100
    if money:
        edition.contests_by = ContestsBy.DISTRICT
    for position, (key, amount) in enumerate(money.items()):
        edition.contests.append(Contest(key=key, position=position, budget=amount * 100))
    db.session.flush()


def _at(days: int, hour: int) -> datetime:
    return from_local(datetime.combine(today() + timedelta(days=days), time(hour)))


def cast(edition: Edition, given: _Table) -> None:
    """Put made-up ballots into the box, with nobody's name on the roll."""
    dice, rows, channels = Random(23), [], Counter[str]()
    running = {one.number: one.district for one in edition.projects}
    homes = [one.key for one in edition.contests if one.key] or [""]
    fame = {number: dice.random() for number in running}
    for _voter in range(given["voters"]):
        home = homes[int(dice.random() * len(homes))]
        seen = [n for n, district in running.items() if not edition.contests or district in ("", home)]
        channel = Channel.CODE if Way.MAIL.value in given["ways"] and dice.random() < 0.4 else Channel.WEB
        channels[channel.value] += 1
        rows.append(
            {
                "edition_id": edition.id,
                "slot": secrets.token_bytes(32),
                "version": 1,
                "choices": encode_marks(edition.ballot_type, _marks(dice, edition, seen, fame)),
                "district": home,
                "channel": channel,
                "leaf": secrets.token_bytes(32),
            }
        )
    db.session.execute(insert(Ballot), rows)
    names = [{"edition_id": edition.id, "voter": secrets.token_bytes(32)} for _each in rows]
    db.session.execute(insert(RollEntry), names)
    _count_arrivals(edition, dice, len(rows))
    shares = {Dimension.CHANNEL: channels, Dimension.AGE: _ages(given, len(rows))}
    if edition.contests:
        shares[Dimension.DISTRICT] = Counter(str(row["district"]) for row in rows)
    told = [
        {"edition_id": edition.id, "dimension": dimension, "value": value, "voters": voters}
        for dimension, counted in shares.items()
        for value, voters in counted.items()
    ]
    db.session.execute(insert(TurnoutShare), told)


def _marks(dice: Random, edition: Edition, seen: Sequence[int], fame: dict[int, float]) -> dict[int, int]:
    """Return what one voter says: a grade for most projects, or ten points for three of them."""
    liking = sorted(seen, key=lambda number: fame[number] + dice.random(), reverse=True)
    if edition.ballot_type is BallotType.POINTS:
        return dict(zip(liking, (5, 3, 2), strict=False))
    return {
        number: 4 - min(3, place * 4 // len(liking))
        for place, number in enumerate(liking)
        if place == 0 or dice.random() < 0.85
    }


def _ages(given: _Table, voters: int) -> Counter[str]:
    """Return how many voters are in each age class; of a third nobody knows."""
    known = voters * 2 // 3
    found = Counter({name: known * share // 100 for name, share in given.get("ages", {}).items()})
    found[""] = voters - sum(found.values())
    return found


def _count_arrivals(edition: Edition, dice: Random, voters: int) -> None:
    """Say when so many people came: while they are awake, so that each hour has enough of them to be shown."""
    opened, until = edition.opens_at or now(), min(edition.closes_at or now(), now())
    start = opened.replace(minute=0, second=0, microsecond=0)
    hours = [
        start + timedelta(hours=each) for each in range(max(1, int((until - opened) / timedelta(hours=1))))
    ]
    awake = [hour for hour in hours if FIRST_HOUR <= local(hour).hour <= LAST_HOUR] or hours
    spread = Counter(awake[int(dice.random() * len(awake))] for _each in range(voters))
    rows = [
        {"edition_id": edition.id, "hour": hour, "voters": number} for hour, number in sorted(spread.items())
    ]
    db.session.execute(insert(Turnout), rows)
