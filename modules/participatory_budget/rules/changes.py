"""What a change of frozen rules would do to ballots that have been cast: some changes would make them invalid."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

Document = Mapping[str, object]
"""The settings of an edition by name, as versions keep them."""


class Harm(StrEnum):
    """Why a change cannot be made while there are ballots."""

    TYPE = "type"
    """Ballots of another type cannot be read by the new rule."""
    LIMITS = "limits"
    """A ballot that was within the limits would be outside of them."""
    GRADES = "grades"
    """A grade would mean something else."""
    CONTESTS = "contests"
    """A ballot would count somewhere else."""
    VOTERS = "voters"
    """Somebody who has voted could turn out not to be entitled to."""
    OPENING = "opening"
    """The vote has opened; that cannot be undone."""


def harms(before: Document, after: Document) -> tuple[Harm, ...]:
    """Return why a change would invalidate ballots that were cast; none where it would not."""
    return tuple(dict.fromkeys(_harms(before, after)))


def _harms(before: Document, after: Document) -> Iterator[Harm]:
    if before["ballot_type"] != after["ballot_type"]:
        yield Harm.TYPE
    if any(_is_lower(before.get(name), after.get(name)) for name in ("max_choices", "max_per_category")):
        yield Harm.LIMITS
    if before["ballot_type"] == "knapsack" and _is_lower(before.get("budget"), after.get("budget")):
        yield Harm.LIMITS
    yield from _harms_of_limits(_part(before, "balloting"), _part(after, "balloting"))
    yield from _harms_of_contests(before, after)
    if any(before.get(name) != after.get(name) for name in ("eligibility", "voting_ways")):
        yield Harm.VOTERS
    if before.get("opens_at") != after.get("opens_at"):
        yield Harm.OPENING


def _harms_of_limits(before: Document, after: Document) -> Iterator[Harm]:
    lowered = any(
        _is_lower(before.get(name), after.get(name)) for name in ("max_choices", "points", "max_points")
    )
    raised = _number(after.get("min_choices"), 1) > _number(before.get("min_choices"), 1)
    if lowered or raised or (after.get("mark_all") and not before.get("mark_all")):
        yield Harm.LIMITS
    if before.get("grades") != after.get("grades"):
        yield Harm.GRADES
    if before.get("district_by") != after.get("district_by"):
        yield Harm.CONTESTS


def _harms_of_contests(before: Document, after: Document) -> Iterator[Harm]:
    old, new = _contests(before), _contests(after)
    if before.get("contests_by") != after.get("contests_by") or old.keys() != new.keys():
        yield Harm.CONTESTS
        return
    for key, contest in old.items():
        yield from _harms_of_limits(_part(contest, "balloting"), _part(new[key], "balloting"))
        if before["ballot_type"] == "knapsack" and _is_lower(contest.get("budget"), new[key].get("budget")):
            yield Harm.LIMITS


def _contests(document: Document) -> dict[object, Document]:
    listed = document.get("contests")
    return {one["key"]: one for one in listed} if isinstance(listed, list) else {}


def _is_lower(before: object, after: object) -> bool:
    """Tell whether a limit takes something away; None is no limit."""
    if not isinstance(after, int):
        return False
    return not isinstance(before, int) or after < before


def _number(value: object, otherwise: int) -> int:
    return value if isinstance(value, int) else otherwise


def _part(document: Document, name: str) -> Document:
    found = document.get(name)
    return found if isinstance(found, Mapping) else {}
