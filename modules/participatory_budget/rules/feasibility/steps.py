"""The way of an idea through the town hall: formal check, opinions, decision, publication, appeal, once more.

A city leaves out what it does not need (`Flow`); nothing can be left out on the way of a single idea.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MOST_DAYS = 365


class Step(StrEnum):
    """Where the examination of an idea is."""

    FORMAL = "formal"
    """Somebody looks whether it can be examined at all."""
    OPINIONS = "opinions"
    """Departments are asked."""
    DECISION = "decision"
    """A coordinator has all there is and decides."""
    DECIDED = "decided"
    """Decided, and not told yet."""
    PUBLISHED = "published"
    """Everybody reads the opinion; its authors may appeal."""
    FINAL = "final"
    """Nothing changes any more."""


class Move(StrEnum):
    """What somebody, or the clock, does with it."""

    ACCEPT = "accept"
    """The formal check finds nothing wrong."""
    FAIL = "fail"
    """The formal check ends it: not feasible."""
    COMPLETE = "complete"
    """The last opinion is there, or the coordinator waits for no more."""
    ASK_AGAIN = "ask_again"
    """The coordinator needs another opinion."""
    DECIDE = "decide"
    REOPEN = "reopen"
    """What was decided and not yet told is looked at again."""
    PUBLISH = "publish"
    APPEAL = "appeal"
    CLOSE = "close"
    """The days for an appeal are over."""


class Verdict(StrEnum):
    """What the city says to an idea."""

    FEASIBLE = "feasible"
    WITH_CHANGES = "with_changes"
    """Feasible in another place, size or way, which the text says."""
    NOT_FEASIBLE = "not_feasible"

    @property
    def is_feasible(self) -> bool:
        """Tell whether the idea can be on the ballot."""
        return self is not Verdict.NOT_FEASIBLE


class Answer(StrEnum):
    """What a department says to one criterion."""

    YES = "yes"
    CHANGES = "changes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Flow:
    """Which steps a city takes; days in which authors may appeal, 0 for no appeal."""

    formal: bool = True
    opinions: bool = True
    appeal_days: int = 14

    def __post_init__(self) -> None:
        if not 0 <= self.appeal_days <= MOST_DAYS:
            raise ValueError(f"days for an appeal: from 0 to {MOST_DAYS}")


@dataclass(frozen=True, slots=True)
class Place:
    """How far an idea is; in round 2 other people look at it once more."""

    step: Step
    round: int = 1


class IllegalMove(Exception):
    """This cannot be done where the idea stands."""


def begin(flow: Flow) -> Place:
    """Return where the examination of an idea begins."""
    return Place(Step.FORMAL) if flow.formal else _examined(flow, 1)


def after(place: Place, move: Move, flow: Flow) -> Place:
    """Return where a move leads; raises IllegalMove for one that is not possible here."""
    target = _targets(place, flow).get(move)
    if target is None:
        raise IllegalMove(f"{move} in {place.step} of round {place.round}")
    return target


def moves(place: Place, flow: Flow) -> frozenset[Move]:
    """Return what can be done with an idea where it stands."""
    return frozenset(_targets(place, flow))


def verdict_of(answers: Mapping[Any, Answer]) -> Verdict | None:
    """Return what the answers to the criteria come to; None without any."""
    if not answers:
        return None
    if Answer.NO in answers.values():
        return Verdict.NOT_FEASIBLE
    return Verdict.WITH_CHANGES if Answer.CHANGES in answers.values() else Verdict.FEASIBLE


def _targets(place: Place, flow: Flow) -> dict[Move, Place]:
    number = place.round
    match place.step:
        case Step.FORMAL:
            return {Move.ACCEPT: _examined(flow, 1), Move.FAIL: Place(Step.DECIDED)}
        case Step.OPINIONS:
            return {Move.COMPLETE: Place(Step.DECISION, number)}
        case Step.DECISION:
            again = {Move.ASK_AGAIN: Place(Step.OPINIONS, number)} if flow.opinions else {}
            return {Move.DECIDE: Place(Step.DECIDED, number), **again}
        case Step.DECIDED:
            can_appeal = number == 1 and flow.appeal_days > 0
            told = Place(Step.PUBLISHED if can_appeal else Step.FINAL, number)
            return {Move.PUBLISH: told, Move.REOPEN: Place(Step.DECISION, number)}
        case Step.PUBLISHED:
            return {Move.APPEAL: _examined(flow, 2), Move.CLOSE: Place(Step.FINAL, number)}
        case Step.FINAL:
            return {}


def _examined(flow: Flow, number: int) -> Place:
    return Place(Step.OPINIONS if flow.opinions else Step.DECISION, number)
