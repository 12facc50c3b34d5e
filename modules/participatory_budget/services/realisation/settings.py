"""How an edition follows its projects: the steps that each takes, and how long nothing may be heard of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.sdk import Localized, _, audit, current_city, force_locale

from ...models import Edition
from ...rules.realisation.progress import STALE_DAYS
from ..editions import by_id
from ..marks import must_be_as_seen

STEPS, DAYS = "steps", "stale_days"
MOST_STEPS = 12


@dataclass(frozen=True, slots=True)
class Settings:
    """What staff have set, or what every edition begins with."""

    steps: Sequence[Localized]
    stale_days: int = STALE_DAYS


def settings_of(edition: Edition) -> Settings:
    """Return how an edition follows its projects."""
    kept = edition.realisation
    steps = kept.get(STEPS)
    days = kept.get(DAYS)
    return Settings(
        [dict(one) for one in steps if isinstance(one, dict)] if isinstance(steps, list) else usual_steps(),
        days if isinstance(days, int) else STALE_DAYS,
    )


def usual_steps() -> list[Localized]:
    """Return the usual steps in every language of the city."""
    found: list[Localized] = [{} for _step in _usual()]
    for language in current_city().languages:
        with force_locale(language):
            for step, name in zip(found, _usual(), strict=True):
                step[language] = name
    return found


def change(edition_id: UUID, chosen: Settings, *, seen: str | None = None) -> Edition:
    """Save how an edition follows its projects; boards that were begun keep their steps."""
    edition = by_id(edition_id, lock=True)
    must_be_as_seen(settings_of(edition), seen)
    edition.realisation = {STEPS: [dict(step) for step in chosen.steps], DAYS: chosen.stale_days}
    audit(
        "participatory_budget.realisation_set",
        subject=f"edition:{edition.id}",
        steps=len(chosen.steps),
        stale_days=chosen.stale_days,
    )
    return edition


def _usual() -> list[str]:
    return [_("Study"), _("Design"), _("Tender"), _("Works"), _("Done")]
