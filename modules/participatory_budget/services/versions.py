"""Changing frozen rules: one person proposes with a public reason, another one confirms, and a new version begins."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from app.sdk import (
    Account,
    Conflict,
    Forbidden,
    Invalid,
    Localized,
    NotFound,
    _,
    audit,
    current_account,
    db,
    now,
)

from ..models import ChangeState, Edition, RollEntry, RuleChange, VersionKind
from ..rules.changes import Harm, harms
from ..rules.phases import Stage
from . import other_method
from .box import enter_box_alone
from .editions import by_id, has_new_dates
from .frozen import freeze, latest_number, must_be_as_frozen
from .rule_documents import must_make_sense
from .settings_of import apply_settings, settings_of


def may_propose(edition: Edition) -> bool:
    """Tell whether frozen rules can change: from the fixing of the ballot to the close (later: other_method)."""
    open_still = edition.closes_at is None or edition.closes_at > now()
    return edition.stage is Stage.READY and not edition.imported and open_still


def waiting_change(edition: Edition) -> RuleChange | None:
    """Return the change that waits for a second person."""
    mine = select(RuleChange).where(RuleChange.edition_id == edition.id)
    return db.session.scalar(mine.where(RuleChange.state == ChangeState.PROPOSED))


def may_be_made(edition: Edition, change: RuleChange) -> bool:
    """Tell whether a proposed change can still be confirmed: the time for it has not passed, nor have the rules moved on."""
    after_close = other_method.is_allowed(edition, change.wanted, since=change.proposed_at)
    return (may_propose(edition) or after_close) and change.version == latest_number(edition)


def changes_of(edition: Edition) -> Sequence[RuleChange]:
    """Return all changes that somebody proposed, the newest first."""
    mine = select(RuleChange).where(RuleChange.edition_id == edition.id)
    return db.session.scalars(mine.order_by(RuleChange.proposed_at.desc()).limit(100)).all()


def change_of(edition: Edition, change_id: UUID, *, lock: bool = False) -> RuleChange:
    """Return a change of this edition; raises NotFound."""
    found = db.session.get(RuleChange, change_id, with_for_update=lock or None, populate_existing=lock)
    if found is None or found.edition_id != edition.id:
        raise NotFound(_("There is no such change."))
    return found


def propose(edition_id: UUID, wanted: Mapping[str, object], reason: Localized) -> RuleChange:
    """Propose other rules for a frozen ballot; raises Conflict where they cannot change or ballots would be invalid."""
    edition = by_id(edition_id, lock=True)
    if not (may_propose(edition) or other_method.is_allowed(edition, wanted)):
        raise Conflict(_("These rules cannot be changed in this way now."))
    present = settings_of(edition)
    different = {name: value for name, value in wanted.items() if present[name] != value}
    if not different:
        raise Invalid(_("Nothing would change. Change something first."))
    must_make_sense(edition, different)
    _must_be_possible(edition, different)
    change = RuleChange(
        edition_id=edition.id,
        wanted=different,
        reason=reason,
        version=edition.version,
        proposed_by=_me().id,
        proposed_at=now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(change)
    except IntegrityError as error:
        raise Conflict(
            _("Somebody has proposed a change already. Confirm or withdraw that one first.")
        ) from error
    _note("change_proposed", edition, change)
    return change


def confirm(edition_id: UUID, change_id: UUID) -> Edition:
    """Make a change that somebody else proposed; raises Forbidden for her, Conflict when it cannot be made any more."""
    edition = by_id(edition_id, lock=True)
    change, me = change_of(edition, change_id, lock=True), _me()
    if change.state is not ChangeState.PROPOSED:
        raise Conflict(_("This change was decided already."))
    if change.proposed_by == me.id:
        raise Forbidden(_("You have proposed this change. A second person has to confirm it."))
    if not may_be_made(edition, change):
        raise Conflict(
            _("The rules have moved on since this change was proposed. Withdraw it and propose it anew.")
        )
    # Alone with the box: a ballot on its way is checked by the rules of one version or of the next, not of both.
    enter_box_alone(edition)
    must_be_as_frozen(edition)
    _must_be_possible(edition, change.wanted)
    apply_settings(edition, change.wanted)
    change.state, change.decided_by, change.decided_at = ChangeState.CONFIRMED, me.id, now()
    has_new_dates(edition, change.wanted)
    freeze(edition, VersionKind.CHANGED, change.reason)
    _note("change_confirmed", edition, change)
    return edition


def withdraw(edition_id: UUID, change_id: UUID) -> Edition:
    """Take a proposed change back; whoever may propose one may do that."""
    edition = by_id(edition_id, lock=True)
    change = change_of(edition, change_id, lock=True)
    if change.state is not ChangeState.PROPOSED:
        raise Conflict(_("This change was decided already."))
    change.state, change.decided_by, change.decided_at = ChangeState.WITHDRAWN, _me().id, now()
    _note("change_withdrawn", edition, change)
    return edition


def settings_with(edition: Edition, wanted: Mapping[str, object]) -> dict[str, object]:
    """Return the settings as a change would make them."""
    return {**settings_of(edition), **wanted}


def harm_words(harm: Harm) -> str:
    """Return why a change cannot be made any more, in a sentence."""
    return {
        Harm.TYPE: _("Ballots have been cast on which people choose in another way."),
        Harm.LIMITS: _("Ballots that were within the limits would be outside of the new ones."),
        Harm.GRADES: _("Grades that were given would mean something else."),
        Harm.CONTESTS: _("Ballots would count in another place."),
        Harm.VOTERS: _("People have voted by the rule of who can vote and how."),
        Harm.OPENING: _("The vote has opened already."),
    }[harm]


def _must_be_possible(edition: Edition, wanted: Mapping[str, object]) -> None:
    after = settings_with(edition, wanted)
    closes, opens = _moment(after.get("closes_at")), _moment(after.get("opens_at"))
    if "closes_at" in wanted and (closes is None or closes <= now()):
        raise Invalid(_("The close has to be in the future."))
    if opens is not None and closes is not None and opens >= closes:
        raise Invalid(_("The vote must close after it opens."))
    if not _has_ballots(edition):
        return
    found = harms(settings_of(edition), after)
    if found:
        reasons = " ".join(harm_words(one) for one in found)
        raise Conflict(_("This can no longer change, as people have voted. %(reasons)s", reasons=reasons))


def _has_ballots(edition: Edition) -> bool:
    return bool(db.session.scalar(select(exists().where(RollEntry.edition_id == edition.id))))


def _moment(value: object) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None


def _me() -> Account:
    me = current_account()
    if me is None:
        raise Forbidden(_("Only people who work for the city can change rules."))
    return me


def _note(act: str, edition: Edition, change: RuleChange) -> None:
    audit(
        f"participatory_budget.{act}",
        subject=f"edition:{edition.id}",
        change=str(change.id),
        parts=", ".join(sorted(change.wanted)),
    )
