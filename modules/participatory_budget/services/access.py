"""How people vote in an edition: the ways that are open, and how sure each makes that nobody votes twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.sdk import Eligibility, Invalid, Level, _, audit, list_in_use, offers_sms

from ..models import Edition
from ..rules.ways import Access, Duplicates, Way, read_access, write_access
from .editing import with_open_ballot
from .eligibility import rule_of
from .marks import must_be_as_seen


class Assurance(StrEnum):
    """How sure a way makes that nobody votes twice, and that whoever votes may."""

    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class WayShown:
    """A way as residents read about it."""

    way: Way
    title: str
    text: str
    assurance: Assurance
    assurance_text: str


def access_of(edition: Edition) -> Access:
    """Return how people vote in an edition."""
    return read_access(edition.voting_ways)


def change_access(edition_id: UUID, access: Access, *, seen: str | None = None) -> Edition:
    """Save how people vote; raises Conflict once the ballot is fixed, Invalid for ways that lead nowhere."""
    edition = with_open_ballot(edition_id)
    must_be_as_seen(access_of(edition), seen)
    if not access.ways:
        raise Invalid(_("Choose at least one way to vote."))
    if access.has(Way.SMS) and not offers_sms():
        raise Invalid(
            _("This city sends no text messages. Name a provider first, or leave codes by text message out.")
        )
    edition.voting_ways = write_access(access)
    audit(
        "participatory_budget.ways_changed",
        subject=f"edition:{edition.id}",
        ways=", ".join(access.ways),
        duplicates=access.duplicates,
    )
    return edition


def takes_declarations(edition: Edition) -> bool:
    """Tell whether somebody with a code from mail or telephone can vote: the rule can be met by what she says."""
    rule = rule_of(edition)
    if rule is None or not rule.needs:
        return True
    return access_of(edition).self_declared and is_declarable(rule)


def is_declarable(rule: Eligibility) -> bool:
    """Tell whether each need of a rule has a condition that somebody's own word meets."""
    return all(any(one.level is Level.SELF for one in need) for need in rule.needs)


def open_codes(edition: Edition) -> Sequence[Way]:
    """Return the ways with a code that residents can take now."""
    declared = takes_declarations(edition)
    return [
        way
        for way in access_of(edition).coded
        if (way is Way.LETTER or declared) and (way is not Way.SMS or offers_sms())
    ]


def shown(edition: Edition) -> list[WayShown]:
    """Return the ways that are open as residents read about them."""
    access = access_of(edition)
    return [
        _shown(way, edition)
        for way in access.ways
        if way not in (Way.MAIL, Way.SMS) or takes_declarations(edition)
    ]


def way_title(way: Way) -> str:
    """Return what a way is called."""
    return {
        Way.ACCOUNT: _("With an account"),
        Way.MAIL: _("With a code by mail"),
        Way.SMS: _("With a code by text message"),
        Way.LETTER: _("With a printed code"),
        Way.BOOTH: _("At a polling place, on a screen"),
        Way.PAPER: _("On paper"),
    }[way]


def duplicates_text(policy: Duplicates) -> str:
    """Return what counts when somebody votes on the web and on paper."""
    return {
        Duplicates.FIRST: _("Whatever comes first counts. Who has voted one way cannot vote the other way."),
        Duplicates.ONLINE: _(
            "The vote on the web counts. An envelope of somebody who has voted on the web stays closed."
        ),
        Duplicates.PAPER: _("The vote on paper counts. It takes the place of a vote on the web."),
    }[policy]


def _shown(way: Way, edition: Edition) -> WayShown:
    assurance = _assurance(way, edition)
    return WayShown(way, way_title(way), _text(way), assurance, _assurance_text(assurance))


def _text(way: Way) -> str:
    return {
        Way.ACCOUNT: _("Sign in, choose, confirm. One account has one vote."),
        Way.MAIL: _("A code comes to your mail address. One mailbox has one vote."),
        Way.SMS: _("A code comes to your mobile telephone. One number has one vote."),
        Way.LETTER: _("The city has given out codes on paper. One code has one vote."),
        Way.BOOTH: _("An officer looks at your document and gives you a code for the screen."),
        Way.PAPER: _("On a paper ballot at a polling place or in an envelope, with a signed slip."),
    }[way]


def _assurance(way: Way, edition: Edition) -> Assurance:
    rule = rule_of(edition)
    checked = rule is not None and bool(rule.needs) and not is_declarable(rule)
    if way in (Way.BOOTH, Way.PAPER):
        return Assurance.HIGH if list_in_use() is not None else Assurance.MIDDLE
    if way is Way.ACCOUNT:
        return Assurance.HIGH if checked else Assurance.LOW
    return Assurance.MIDDLE if way is Way.LETTER else Assurance.LOW


def _assurance_text(assurance: Assurance) -> str:
    return {
        Assurance.LOW: _("Nobody looks at a document: who has two addresses could vote twice."),
        Assurance.MIDDLE: _("The city knows whom it gave this to, or has seen a document."),
        Assurance.HIGH: _("The city checks each person against its list or a document."),
    }[assurance]
