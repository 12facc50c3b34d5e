"""Changing how an edition takes ideas."""

from uuid import UUID

from app.sdk import Conflict, _, audit

from ...models import Edition
from ...rules.ideas.rules import IdeaRules, write_idea_rules
from ...rules.schedule import Part
from ..editions import by_id
from ..finding import find_ideas
from ..marks import must_be_as_seen
from .rules_of import is_on, is_over, rules_of

OF_SUPPORT = ("most_supports", "threshold", "threshold_is_percent", "supporters_as_voters")


def change_rules(edition_id: UUID, rules: IdeaRules, *, seen: str | None = None) -> Edition:
    """Save how ideas are taken; once supports are counted, the rules by which they are no longer change."""
    edition = by_id(edition_id, lock=True)
    before = rules_of(edition)
    must_be_as_seen(before, seen)
    changed = [name for name in OF_SUPPORT if getattr(before, name) != getattr(rules, name)]
    if changed and counts_supports(edition):
        raise Conflict(
            _(
                "Ideas are being supported under these rules, or were: limit and threshold can no longer change."
            )
        )
    edition.idea_rules = write_idea_rules(rules)
    if before.publication is not rules.publication:
        find_ideas(edition)
    audit(
        "participatory_budget.idea_rules_changed",
        subject=f"edition:{edition.id}",
        publication=rules.publication.value,
        threshold=rules.threshold,
    )
    return edition


def counts_supports(edition: Edition) -> bool:
    """Tell whether supports have been counted by the rules that are saved."""
    return is_on(edition, Part.SUPPORT) or is_over(edition, Part.SUPPORT)
