"""The marks that a page of a ballot sends: only what somebody has changed on this page counts.

Each input comes with what it was when the page was made. So a page that was open for long takes nothing back that
was marked in another window meanwhile.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import abort, request

from app.sdk import Invalid, _, number

from ..models import Edition
from ..rules.ballots import BallotType
from ..rules.checks import Paper, highest_mark
from ..rules.contests import contest_of
from ..rules.marks import HIGHEST_MARK
from ..rules.ranking import Move
from ..services import drafts
from ..services.rules_of import ballot_rule
from ..services.voters import Voter

MOST_MARKS = 5000
_MARK, _WAS = "mark-", "was-"


@dataclass(frozen=True, slots=True)
class Sent:
    """What a page has sent: marks by project, what was typed and is no mark, and the button that was pressed."""

    changes: Mapping[int, int] = field(default_factory=dict)
    typed: Mapping[int, str] = field(default_factory=dict)
    act: str = ""
    number: int = 0

    @property
    def touched(self) -> tuple[int, ...]:
        """Return the projects that the voter has done something with."""
        return (*self.changes, *self.typed, *((self.number,) if self.number else ()))


def sent_marks() -> Sent:
    """Return what the page has sent; a form that no page of ours has made is refused."""
    changes: dict[int, int] = {}
    typed: dict[int, str] = {}
    for name in [name for name in request.form if name.startswith(_MARK)][:MOST_MARKS]:
        which, text = _number(name.removeprefix(_MARK)), request.form[name].strip()
        if text == request.form.get(f"{_WAS}{which}", ""):
            continue
        if not text or (text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) <= HIGHEST_MARK):
            changes[which] = int(text or 0)
        else:
            typed[which] = text[:20]
    act = request.form.get("act", "")
    name, _colon, which_one = act.partition(":")
    return Sent(changes, typed, name, _number(which_one) if which_one else 0)


def keep(edition: Edition, voter: Voter, sent: Sent) -> drafts.Chosen:
    """Put what was sent on the voter's draft; raises NotFound and Invalid."""
    chosen = drafts.mark(edition, voter, sent.changes) if sent.changes else drafts.draft(edition, voter)
    if not sent.number:
        return chosen
    if sent.act == "clear":
        return drafts.mark(edition, voter, {sent.number: 0})
    if sent.act in _POINTS and edition.ballot_type is BallotType.POINTS:
        return drafts.add_points(edition, voter, sent.number, _POINTS[sent.act])
    if sent.act in set(Move) and edition.ballot_type is BallotType.RANKED:
        return drafts.move(edition, voter, sent.number, Move(sent.act))
    raise Invalid(_("There is no such answer."))


def what_fits(edition: Edition, paper: Paper, which: int) -> str:
    """Return what can be typed for a project, for somebody who has typed something else."""
    rule = ballot_rule(edition, contest_of(paper[which], edition.contests_by))
    return _("Write a whole number from 0 to %(most)s.", most=number(highest_mark(rule)))


_POINTS = {"more": 1, "less": -1}


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 6):
        abort(400)
    return int(text)
