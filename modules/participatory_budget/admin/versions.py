"""Frozen rules: their versions, and changes that one person proposes and another one confirms."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.sdk import (
    Account,
    Form,
    ServiceError,
    _,
    current_account,
    db,
    fresh,
    may,
    render,
    requires,
    write_eligibility,
)

from ..forms.ballot import BallotForm
from ..forms.changing import MethodForm, ReasonForm
from ..forms.contests import ContestsForm
from ..forms.dates import DatesForm, minute, wall
from ..forms.money import MoneyForm
from ..forms.voters import VotersForm
from ..models import ChangeState, Edition, RuleChange
from ..services import editions, eligibility, frozen, other_method, versions
from ..services.change_words import in_words
from ..services.contests import contests_document, must_be_countable
from ..services.rule_documents import limits_document, money_document, must_be_enough
from ..services.settings_of import moment_text
from .blueprint import bp
from .hub import drop_changes
from .preparing import method_notes
from .sections import Group, Section, State, section

PARTS = "<any(ballot,money,contests,dates,voters,method):part>"


@section(10)
def _line(edition: Edition) -> Section | None:
    """Lead to the versions as soon as there is one; a change that waits is work."""
    number = frozen.latest_number(edition)
    if number is None:
        return None
    change = versions.waiting_change(edition)
    waiting = change is not None and versions.may_be_made(edition, change)
    hint = _("Version %(number)s, public with its SHA-256.", number=number)
    if waiting:
        hint = _("A change waits for a second person.")
    url = url_for("participatory_budget_admin.rule_versions", edition_id=edition.id)
    return Section(_("Frozen rules"), url, hint, State.TODO if waiting else State.NONE, Group.RUN)


@bp.get("/<uuid:edition_id>/rules")
@requires("participatory_budget.view")
def rule_versions(edition_id: UUID) -> ResponseReturnValue:
    """List the versions of the rules, and what waits for a second person."""
    return _versions_page(editions.by_id(edition_id))


@bp.route(f"/<uuid:edition_id>/rules/change/{PARTS}", methods=["GET", "POST"])
@requires("participatory_budget.manage")
def propose_change(edition_id: UUID, part: str) -> ResponseReturnValue:
    """Propose other rules, with a public reason."""
    edition = editions.by_id(edition_id)
    form, reason = _form(part, edition), ReasonForm()
    fits = form.sent()
    if not (reason.sent() and fits):
        return _propose_page(edition, part, form, reason), max(form.status, reason.status)
    try:
        change = versions.propose(edition_id, _wanted(edition, form), reason.reason.data)
    except ServiceError as error:
        status = drop_changes(error)
        edition = editions.by_id(edition_id)
        return _propose_page(edition, part, form, reason, problem=str(error)), status
    flash(_("The change is proposed. A second person has to confirm it."), "ok")
    return redirect(_to("rule_change", edition_id, change_id=change.id), 303)


@bp.get("/<uuid:edition_id>/rules/changes/<uuid:change_id>")
@requires("participatory_budget.view")
def rule_change(edition_id: UUID, change_id: UUID) -> ResponseReturnValue:
    """Show what a change does, why, and who proposed it."""
    edition = editions.by_id(edition_id)
    return _change_page(edition, versions.change_of(edition, change_id))


@bp.post("/<uuid:edition_id>/rules/changes/<uuid:change_id>/confirm")
@requires("participatory_budget.publish")
@fresh
def confirm_change(edition_id: UUID, change_id: UUID) -> ResponseReturnValue:
    """Make a change that somebody else has proposed."""
    return _decide(
        edition_id,
        change_id,
        versions.confirm,
        _("The rules have a new version. Residents see it with its reason."),
    )


@bp.post("/<uuid:edition_id>/rules/changes/<uuid:change_id>/withdraw")
@requires("participatory_budget.manage")
def withdraw_change(edition_id: UUID, change_id: UUID) -> ResponseReturnValue:
    """Take a proposed change back."""
    return _decide(edition_id, change_id, versions.withdraw, _("The change is withdrawn."))


def _decide(
    edition_id: UUID, change_id: UUID, act: Callable[[UUID, UUID], Edition], done: str
) -> ResponseReturnValue:
    try:
        act(edition_id, change_id)
    except ServiceError as error:
        status = drop_changes(error)
        edition = editions.by_id(edition_id)
        change = versions.change_of(edition, change_id)
        return _change_page(edition, change, problem=str(error)), error.status if status == 422 else status
    flash(done, "ok")
    return redirect(_to("rule_versions", edition_id), 303)


def _versions_page(edition: Edition) -> str:
    found, waiting = frozen.versions_of(edition), versions.waiting_change(edition)
    return render(
        "participatory_budget/admin/versions.html",
        edition=edition,
        versions=found,
        waiting=waiting,
        in_vain=waiting is not None and not versions.may_be_made(edition, waiting),
        may_propose=versions.may_propose(edition) and may("participatory_budget.manage"),
        may_choose=other_method.may_choose(edition) and may("participatory_budget.manage"),
        is_as_frozen=frozen.is_as_frozen(edition),
    )


def _change_page(edition: Edition, change: RuleChange, *, problem: str = "") -> str:
    me = current_account()
    waits = change.state is ChangeState.PROPOSED
    before = frozen.rules_in(frozen.version_of(edition, change.version))
    return render(
        "participatory_budget/admin/change.html",
        edition=edition,
        change=change,
        rows=in_words(edition, before, {**before, **change.wanted}),
        proposer=_name(change.proposed_by),
        decider=_name(change.decided_by),
        is_mine=me is not None and me.id == change.proposed_by,
        in_vain=waits and not versions.may_be_made(edition, change),
        may_confirm=waits and may("participatory_budget.publish"),
        may_withdraw=waits and may("participatory_budget.manage"),
        problem=problem,
    )


def _propose_page(edition: Edition, part: str, form: Form, reason: ReasonForm, *, problem: str = "") -> str:
    return render(
        "participatory_budget/admin/change_new.html",
        edition=edition,
        part=part,
        form=form,
        reason=reason,
        problem=problem,
        notes=method_notes(),
        waiting=versions.waiting_change(edition),
        can=other_method.may_choose(edition) if part == "method" else versions.may_propose(edition),
    )


def _form(part: str, edition: Edition) -> Form:
    """Return the form of a part of the rules, filled with what is in force or with what came in."""
    if part == "voters":
        return VotersForm.of(eligibility.rule_of(edition), seen="")
    forms: Mapping[str, Callable[[Edition], Form]] = {
        "ballot": BallotForm.of,
        "money": MoneyForm.of,
        "contests": ContestsForm.of,
        "dates": DatesForm.of,
        "method": MethodForm.of,
    }
    return forms[part](edition)


def _wanted(edition: Edition, form: Form) -> Mapping[str, object]:
    """Return what a form that was sent asks for, as parts of the settings."""
    match form:
        case BallotForm():
            return limits_document(edition, form.limits())
        case MoneyForm():
            must_be_enough(edition, form.money())
            return money_document(edition, form.money())
        case ContestsForm():
            must_be_countable(edition, form.contests())
            return contests_document(edition, form.contests())
        case DatesForm():
            return {
                "opens_at": _unless_same(form.dates.opens_at, edition.opens_at),
                "closes_at": _unless_same(form.dates.closes_at, edition.closes_at),
            }
        case MethodForm():
            return other_method.settings_by(edition, form.chosen())
        case VotersForm():
            rule = form.rule()
            return {"eligibility": write_eligibility(rule) if rule is not None else None}
        case _:
            raise TypeError(type(form))


def _unless_same(typed: datetime | None, saved: datetime | None) -> str | None:
    """Return a time as settings have it; one whose minute was not touched keeps its seconds."""
    moment = saved if wall(typed) == minute(saved) else typed
    return moment_text(moment) if moment is not None else None


def _name(account_id: UUID | None) -> str:
    account = db.session.get(Account, account_id) if account_id else None
    return account.name if account is not None else _("somebody who has left")


def _to(page: str, edition_id: UUID, **more: UUID) -> str:
    return url_for(f"participatory_budget_admin.{page}", edition_id=edition_id, **more)  # type: ignore[arg-type]
