"""Drafting the ballot, on the staff page of an edition."""

from flask import url_for

from app.sdk import _, may, ngettext

from ...models import Edition
from ...rules.schedule import Part
from ...services.drafting import candidates
from ...services.drafting.candidates import Pile
from ..sections import Group, Section, State, has_part, section


@section(240)
def _drafting(edition: Edition) -> Section | None:
    if not has_part(edition, Part.DRAFTING, Part.IDEAS) or not may("participatory_budget.manage"):
        return None
    counts = candidates.counts(edition)
    ready, made = counts[Pile.READY], counts[Pile.ON_BALLOT]
    hint = ngettext("%(num)d idea could be on the ballot", "%(num)d ideas could be on the ballot", ready)
    hint += ", " + ngettext("%(num)d is on it.", "%(num)d are on it.", made)
    return Section(
        _("Draft the ballot"),
        url_for("participatory_budget_admin.drafting", edition_id=edition.id),
        hint,
        State.TODO if ready else State.NONE,
        Group.RUN,
    )
