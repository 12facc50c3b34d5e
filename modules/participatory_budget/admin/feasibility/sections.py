"""The examination of ideas on the staff page of an edition."""

from flask import url_for

from app.sdk import _, may, ngettext

from ...models import Edition
from ...rules.schedule import Part
from ...services.feasibility import boards, settings
from ...services.feasibility.boards import View
from ...services.feasibility.cases import COORDINATES, EVALUATES
from ..sections import Group, Section, State, has_part, section

MANAGES = "participatory_budget.manage"


def _address(page: str, edition: Edition) -> str:
    return url_for(f"participatory_budget_admin.{page}", edition_id=edition.id)


@section(220)
def _way(edition: Edition) -> Section | None:
    if not has_part(edition, Part.FEASIBILITY) or not may(MANAGES):
        return None
    flow = settings.rules_of(edition).flow
    steps = [
        *([_("formal check")] if flow.formal else []),
        *([_("departments")] if flow.opinions else []),
        _("decision"),
        *([_("appeal")] if flow.appeal_days else []),
    ]
    hint = " → ".join(steps)
    return Section(_("How ideas are examined"), _address("review_rules", edition), hint, State.DONE)


@section(221)
def _criteria(edition: Edition) -> Section | None:
    if not has_part(edition, Part.FEASIBILITY) or not may(MANAGES):
        return None
    known = len(settings.criteria(edition))
    hint = ngettext("%(num)d criterion", "%(num)d criteria", known) if known else _("None yet.")
    state = State.DONE if known else State.TODO
    return Section(_("Criteria"), _address("criteria", edition), hint, state)


@section(222)
def _departments(edition: Edition) -> Section | None:
    asks = settings.rules_of(edition).flow.opinions
    if not has_part(edition, Part.FEASIBILITY) or not asks or not may(MANAGES):
        return None
    known = len(settings.departments(edition))
    hint = ngettext("%(num)d department", "%(num)d departments", known) if known else _("None yet.")
    state = State.DONE if known else State.TODO
    return Section(_("Departments"), _address("departments", edition), hint, state)


@section(230)
def _board(edition: Edition) -> Section | None:
    if not has_part(edition, Part.FEASIBILITY) or not may(COORDINATES):
        return None
    counts = boards.counts(edition)
    late = counts[View.OVERDUE]
    hint = ngettext("%(num)d idea is examined.", "%(num)d ideas are examined.", counts[View.ALL])
    if late:
        hint += " " + ngettext("%(num)d is overdue.", "%(num)d are overdue.", late)
    waits = counts[View.FORMAL] + counts[View.DECISION] + counts[View.DECIDED] + late
    return Section(
        _("Examination of ideas"),
        _address("feasibility", edition),
        hint,
        State.TODO if waits else State.NONE,
        Group.RUN,
    )


@section(231)
def _opinions(edition: Edition) -> Section | None:
    if not has_part(edition, Part.FEASIBILITY) or not may(EVALUATES):
        return None
    return Section(_("Opinions of my department"), _address("opinions", edition), "", State.NONE, Group.RUN)
