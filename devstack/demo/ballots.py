"""Ballots for the demonstration votes, made from a seed: the same ones on every machine."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from random import Random
from typing import NamedTuple, TextIO, TypeVar

from .content import Project, edition, projects

BUDAPEST_VOTERS = 28_943
_LIMIT = 3  # ideas a Budapest voter may mark in a category
_WHOLE = 14_000  # voters who use all their marks
_SINGLE = 8_600  # voters who come for one idea
_SPREAD = 0.5  # how far voters stray from their taste: 0 gives a few identical ballots, 1 hides any taste
_COMMENT = (
    "#1: At most 3 projects in each category. #2: Costs, votes and winners are real; "
    "titles are invented and ballots generated to reproduce the votes."
)

# Only Random.random() is called: Python promises the same numbers for a seed in every version.
Draw = Callable[[], float]
T = TypeVar("T")


class Ballot(NamedTuple):
    """What one voter chose, project numbers in ascending order."""

    voter: int
    choices: tuple[int, ...]


def budapest_ballots(seed: int = 2024) -> Iterator[Ballot]:
    """Yield 28,943 ballots that give every project exactly its votes, at most three a category each."""
    draw = Random(seed).random
    groups: dict[str, list[Project]] = {}
    for project in projects("budapest"):
        groups.setdefault(project.category, []).append(project)
    totals = {key: sum(each.votes or 0 for each in group) for key, group in groups.items()}
    tastes = [draw() for _ in range(BUDAPEST_VOTERS)]
    hands: list[list[int]] = [[] for _ in tastes]
    for key, sizes in _sizes(draw, totals).items():
        for voter, number in _deal(draw, groups[key], sizes, tastes):
            hands[voter].append(number)
    for voter, hand in enumerate(hands, start=1):
        yield Ballot(voter, tuple(sorted(hand)))


def paris_ballots(seed: int = 2026) -> Iterator[Ballot]:
    """Yield the ballots already cast in Paris; none costs more than the spending limit."""
    draw = Random(seed).random
    vote, running = edition("paris"), projects("paris")
    limit = vote.spending_limit or vote.budget
    fame = {project.number: draw() for project in running}
    for voter in range(1, vote.demo_ballots + 1):
        theme, home = _one_of(draw, running).category, _one_of(draw, running).district
        liking = {
            each.number: fame[each.number] + draw() + (each.category == theme) / 2 + (each.district == home)
            for each in running
        }
        wanted = sorted(running, key=lambda each: -liking[each.number])
        yield Ballot(voter, _affordable(wanted, limit, most=2 + int(draw() * 12)))


def write_pb(stream: TextIO) -> None:
    """Write the Budapest vote as a Pabulib file: head, projects, ballots."""
    lines = csv.writer(stream, delimiter=";", lineterminator="\n")
    lines.writerows([("META",), ("key", "value"), *_pb_head()])
    lines.writerows([("PROJECTS",), ("project_id", "cost", "votes", "name", "category", "selected")])
    for each in projects("budapest"):
        selected = int(bool(each.selected))
        lines.writerow((each.number, each.cost, each.votes, each.title["hu"], each.category, selected))
    lines.writerows([("VOTES",), ("voter_id", "vote")])
    lines.writerows((voter, ",".join(map(str, choices))) for voter, choices in budapest_ballots())


def _pb_head() -> list[tuple[str, object]]:
    vote, running = edition("budapest"), projects("budapest")
    opens, closes = (f"{day:%d.%m.%Y}" for day in vote.days(date.min))
    return [
        ("description", "Participatory budget of Budapest 2024, demonstration"),
        ("country", "Hungary"),
        ("unit", "Budapest"),
        ("instance", "2024"),
        ("num_projects", len(running)),
        ("num_votes", BUDAPEST_VOTERS),
        ("budget", vote.budget),
        ("vote_type", "approval"),
        ("rule", "unknown"),
        ("date_begin", opens),
        ("date_end", closes),
        ("max_length", _LIMIT * len(vote.categories)),
        ("language", "hu"),
        ("currency", "HUF"),
        ("comment", _COMMENT),
        ("acknowledgments", vote.source["en"]),
    ]


def _sizes(draw: Draw, totals: Mapping[str, int]) -> dict[str, list[int]]:
    """Return how many marks each voter makes in each category; every voter makes one somewhere."""
    voters = _shuffled(draw, range(BUDAPEST_VOTERS))
    sizes = {key: [0] * BUDAPEST_VOTERS for key in totals}
    left = dict(totals)
    for key in totals:
        left[key] -= _give(sizes[key], dict.fromkeys(voters[:_WHOLE], _LIMIT), left[key])
    for voter in voters[_WHOLE:]:
        key = _weighted(draw, left)
        left[key] -= _give(sizes[key], {voter: 1}, left[key])
    pickers = voters[_WHOLE + _SINGLE :]
    for key in totals:
        while left[key]:
            wishes = {voter: _wish(draw) for voter in _shuffled(draw, pickers)}
            left[key] -= _give(sizes[key], wishes, left[key])
    return sizes


def _give(sizes: list[int], wishes: Mapping[int, int], left: int) -> int:
    """Raise voters to the size they wish for while marks are left; return how many were used."""
    used = 0
    for voter, wish in wishes.items():
        more = min(max(wish - sizes[voter], 0), left - used)
        sizes[voter] += more
        used += more
    return used


def _wish(draw: Draw) -> int:
    """Return a size as voters have it who did not come for one idea only: mostly all three marks."""
    return _LIMIT if draw() < 0.8 else 1 + int(draw() * (_LIMIT - 1))


def _deal(
    draw: Draw, group: Sequence[Project], sizes: Sequence[int], tastes: Sequence[float]
) -> list[tuple[int, int]]:
    """Return (voter, project number) pairs that use every vote once and no pair twice.

    Voters and projects have a place on a circle; sorting both by place, blurred, brings voters and
    projects of one kind together without changing any total.
    """

    def blurred(place: float) -> float:
        return (place + _SPREAD * (draw() - 0.5)) % 1

    slots = [voter for voter, size in enumerate(sizes) for _ in range(size)]
    slots.sort(key=lambda voter: blurred(tastes[voter]))
    places = {each.number: draw() for each in group}
    marks = [each.number for each in group for _ in range(each.votes or 0)]
    marks.sort(key=lambda number: blurred(places[number]))
    _untwin(draw, slots, marks)
    return list(zip(slots, marks, strict=True))


def _untwin(draw: Draw, slots: Sequence[int], marks: list[int]) -> None:
    """Swap marks until nobody holds the same project twice."""
    hands: dict[int, set[int]] = {}
    twins = set()
    for index, (voter, number) in enumerate(zip(slots, marks, strict=True)):
        hand = hands.setdefault(voter, set())
        if number in hand:
            twins.add(index)
        hand.add(number)
    for index in sorted(twins):
        mine, number = hands[slots[index]], marks[index]
        while index in twins:
            other = int(draw() * len(marks))
            theirs = hands[slots[other]]
            if other in twins or number in theirs or marks[other] in mine:
                continue
            theirs.remove(marks[other])
            theirs.add(number)
            mine.add(marks[other])
            marks[index], marks[other] = marks[other], number
            twins.remove(index)


def _affordable(wanted: Iterable[Project], limit: int, *, most: int) -> tuple[int, ...]:
    """Return the most wanted projects that fit into the limit, passing over those that do not."""
    chosen: list[int] = []
    for project in wanted:
        if len(chosen) < most and project.cost <= limit:
            chosen.append(project.number)
            limit -= project.cost
    return tuple(sorted(chosen))


def _shuffled(draw: Draw, items: Iterable[T]) -> list[T]:
    return sorted(items, key=lambda _: draw())


def _one_of(draw: Draw, items: Sequence[T]) -> T:
    return items[int(draw() * len(items))]


def _weighted(draw: Draw, weights: Mapping[str, int]) -> str:
    """Return a key, the likelier the more weight it has."""
    at = draw() * sum(weights.values())
    for key, weight in weights.items():
        at -= weight
        if at < 0:
            return key
    return max(weights, key=lambda key: weights[key])
