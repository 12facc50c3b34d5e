"""Moderation on the staff page of an edition."""

from flask import url_for

from app.sdk import _, may, ngettext

from ...models import Edition
from ...rules.schedule import Part
from ...services.moderation import queue
from ...services.moderation.queue import Shelf
from ...services.moderation.reasons import own_reasons
from ..sections import Group, Section, State, has_part, section

IDEAS = (Part.IDEAS, Part.CO_CONSTRUCTION, Part.SUPPORT)


@section(210)
def _queue(edition: Edition) -> Section | None:
    if not has_part(edition, *IDEAS) or not may(queue.PERMISSION):
        return None
    counts = queue.counts(edition)
    waiting = counts[Shelf.NEW] + counts[Shelf.REPORTED] + counts[Shelf.APPEALS]
    hint = ngettext("%(num)d thing waits.", "%(num)d things wait.", waiting) if waiting else ""
    return Section(
        _("Moderation"),
        url_for("participatory_budget_admin.moderation", edition_id=edition.id),
        hint or _("Nothing to review."),
        State.TODO if waiting else State.NONE,
        Group.RUN,
    )


@section(215)
def _texts(edition: Edition) -> Section | None:
    if not has_part(edition, *IDEAS) or not may("participatory_budget.manage"):
        return None
    own = len(own_reasons(edition))
    return Section(
        _("Texts for authors"),
        url_for("participatory_budget_admin.reasons", edition_id=edition.id),
        ngettext("%(num)d text of your own", "%(num)d texts of your own", own)
        if own
        else _("The usual texts are in use."),
    )
