"""Who can vote in an edition: a rule of the platform, fixed with the ballot and published with the count."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select

from app.sdk import (
    Eligibility,
    Forbidden,
    _,
    audit,
    current_city,
    db,
    describe_eligibility,
    eligibility_reasons,
    eligible,
    force_locale,
    picked,
    read_eligibility,
    uses_districts,
    write_eligibility,
)

from ..models import Edition
from ..rules.phases import Stage
from .editing import with_open_ballot
from .marks import must_be_as_seen
from .voters import Voter

DISTRICT = "district"


class NotEligible(Forbidden):
    """The person cannot vote in this edition; `reasons` say what is missing and where to go."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(_("You cannot vote here as things stand."))
        self.reasons = reasons


def rule_of(edition: Edition) -> Eligibility | None:
    """Return the rule; None where everyone with an account can vote."""
    return read_eligibility(edition.eligibility) if edition.eligibility is not None else None


def must_be_eligible(edition: Edition, voter: Voter) -> None:
    """Raise NotEligible for somebody whom the rule does not let vote now; who has no account was looked at before."""
    rule = rule_of(edition)
    if rule is None or voter.account is None:
        return
    verdict = eligible(rule, voter.account)
    if not verdict.eligible:
        raise NotEligible(eligibility_reasons(verdict))


def who_can_vote(edition: Edition) -> list[str]:
    """Return the rule in sentences; none where everyone with an account can vote."""
    rule = rule_of(edition)
    return describe_eligibility(rule) if rule is not None else []


def published_rule(edition: Edition) -> dict[str, object] | None:
    """Return the rule as the protocol has it, with its words in the city's first language."""
    if edition.eligibility is None:
        return None
    with force_locale(current_city().language):
        return {"rule": dict(edition.eligibility), "words": who_can_vote(edition)}


def change_voters(edition_id: UUID, rule: Eligibility | None, *, seen: str | None = None) -> Edition:
    """Save who can vote; raises Conflict once the ballot is fixed."""
    edition = with_open_ballot(edition_id)
    must_be_as_seen(rule_of(edition), seen)
    edition.eligibility = write_eligibility(rule) if rule is not None else None
    audit(
        "participatory_budget.voters_changed",
        subject=f"edition:{edition.id}",
        needs=len(rule.needs) if rule is not None else 0,
    )
    return edition


@uses_districts
def editions_for(code: str) -> Iterable[str]:
    """Say which votes that are not decided yet are for a district."""
    if "participatory_budget" not in current_city().modules:
        return
    held = select(Edition).where(Edition.eligibility.is_not(None), Edition.stage != Stage.RESULTS).limit(100)
    for edition in db.session.scalars(held):
        rule = rule_of(edition)
        needs = rule.needs if rule is not None else ()
        if any(
            one.attribute == DISTRICT and code in getattr(one, "values", ()) for need in needs for one in need
        ):
            yield _(
                "Its residents can vote in %(edition)s.", edition=picked(edition.title).text or edition.slug
            )
