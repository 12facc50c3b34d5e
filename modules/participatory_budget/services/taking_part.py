"""In which contests a voter takes part, and under which rules."""

from collections.abc import Mapping
from enum import StrEnum

from app.sdk import NotFound, _, district_names, proven_value

from ..models import Edition
from ..rules.ballots import BallotRule
from ..rules.contests import CITYWIDE, ContestsBy, contests_on_ballot
from .rules_of import ballot_rule
from .voters import Voter

DISTRICT_BY, DISTRICT = "district_by", "district"


class DistrictBy(StrEnum):
    """Who says in which district somebody votes."""

    ANY = "any"
    """The voter: where she lives, works, or feels at home."""
    ATTRIBUTE = "attribute"
    """The city: where she was proven to live."""


def district_by(edition: Edition) -> DistrictBy:
    """Return who says in which district somebody votes."""
    return DistrictBy(str(edition.balloting.get(DISTRICT_BY, DistrictBy.ANY)))


def may_vote_in(edition: Edition, voter: Voter) -> tuple[str, ...]:
    """Return the districts a voter can take part in; the empty one is for the whole city's contest alone."""
    if edition.contests_by is ContestsBy.ONE:
        return (CITYWIDE,)
    keys = [contest.key for contest in edition.contests]
    if district_by(edition) is DistrictBy.ATTRIBUTE:
        return (_proven(edition, voter, [key for key in keys if key]),)
    return (*(key for key in keys if key), *(key for key in keys if not key))


def district_of(edition: Edition, voter: Voter, wanted: str | None) -> str | None:
    """Return the district a voter takes part in: what she wants if she may, else the only one; None: ask her."""
    allowed = may_vote_in(edition, voter)
    if wanted in allowed:
        return wanted
    return allowed[0] if len(allowed) == 1 else None


def must_take_part_in(edition: Edition, voter: Voter, district: str) -> None:
    """Raise NotFound for a district that is not for this voter."""
    if district not in may_vote_in(edition, voter):
        raise NotFound(_("You cannot vote in this district."))


def rules_on_ballot(edition: Edition, district: str) -> Mapping[str, BallotRule]:
    """Return the rule of each contest on the ballot of a district, its own contest first."""
    if edition.contests_by is ContestsBy.ONE:
        return {CITYWIDE: ballot_rule(edition)}
    keys = [contest.key for contest in edition.contests]
    return {key: ballot_rule(edition, key) for key in contests_on_ballot(edition.contests_by, keys, district)}


def _proven(edition: Edition, voter: Voter, keys: list[str]) -> str:
    """Return the key of the district in which somebody was proven to live; the edition may call it by its name."""
    code = proven_value(DISTRICT, account=voter.account, statements=voter.statements)
    if code is None or code in keys:
        return code or CITYWIDE
    name = district_names().get(code, "").casefold()
    named = {district.name.casefold(): district.key for district in edition.districts}
    key = named.get(name, CITYWIDE)
    return key if key in keys else CITYWIDE
