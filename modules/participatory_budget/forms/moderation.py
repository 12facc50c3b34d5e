"""What moderators answer: a decision with its reason, and the texts they choose from."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from uuid import UUID

from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from app.sdk import Form, LocalizedField, _, _l, at_most, in_first_language, picked, required

from ..models import Edition, RefusalReason
from ..rules.moderation.decisions import Decision
from ..services.moderation.deciding import LONGEST_NOTE, Ruling, Seen
from ..services.moderation.reasons import reasons, text_of
from .fields import WholeNumberField

LONGEST_REASON = 1_000


class DecisionForm(Form):
    """What is decided about an idea or a comment, why, and a word for colleagues."""

    decision = RadioField(_l("Decision"), validate_choice=False)
    into = WholeNumberField(_l("Merge into the idea with the number"), [Optional()])
    template = SelectField(_l("Text for the author"), [Optional()], validate_choice=False)
    reason = LocalizedField(_l("In your own words"), [Optional()], longest=LONGEST_REASON)
    note = TextAreaField(_l("Note for colleagues"), [Optional(), at_most(LONGEST_NOTE)])
    seen = HiddenField()
    decided = HiddenField()

    @classmethod
    def on(cls, edition: Edition, possible: Sequence[Decision], *, seen: Seen | None = None) -> Self:
        """Return the form with the decisions that are possible and the texts of the edition."""
        form = cls(data=_written(seen))
        words = labels()
        form.decision.choices = [SelectChoice(one.value, words[one]) for one in possible]
        offered = [SelectChoice(one.key, picked(one.name).text) for one in reasons(edition)]
        form.template.choices = [SelectChoice("", _("None of these")), *offered]
        return form

    @property
    def seen_by_her(self) -> Seen | None:
        """Return what the idea was like as the page showed it; None for nonsense."""
        try:
            changed = datetime.fromisoformat(self.seen.data or "")
            return Seen(changed, UUID(self.decided.data) if self.decided.data else None)
        except ValueError:
            return None

    def look_again(self, seen: Seen) -> None:
        """Take what the idea is like now for seen, as the page shows it again."""
        for name, value in _written(seen).items():
            self[name].data = value

    def ruling(self, edition: Edition) -> Ruling:
        """Return what was decided; without any decision it is a note. Own words go before a chosen text."""
        known = {choice.value for choice in self.decision.choices}
        chosen = Decision(self.decision.data) if self.decision.data in known else Decision.NOTE
        reason = {code: words for code, words in self.reason.data.items() if words}
        if not reason and self.template.data:
            reason = text_of(edition, self.template.data)
        return Ruling(chosen, reason, (self.note.data or "").strip(), self.into.data)


class ReasonForm(Form):
    """A text that moderators choose."""

    name = LocalizedField(
        _l("Short name"), [in_first_language(_l("Write the name (%(language)s)."))], longest=80
    )
    text = LocalizedField(
        _l("What the author reads"),
        [in_first_language(_l("Write the text (%(language)s)."))],
        longest=LONGEST_REASON,
    )

    @classmethod
    def of(cls, reason: RefusalReason) -> Self:
        """Return the form filled with what is saved, or with what came in."""
        return cls(data={"name": dict(reason.name), "text": dict(reason.text)})


class AppealForm(Form):
    """Why an author thinks that a decision is wrong."""

    text = TextAreaField(_l("Why is the decision wrong?"), [required(), at_most(4_000)])


def _written(seen: Seen | None) -> dict[str, str]:
    if seen is None:
        return {"seen": "", "decided": ""}
    return {"seen": seen.changed_at.isoformat(), "decided": str(seen.decision_id or "")}


def labels() -> dict[Decision, str]:
    """Return what each decision is called."""
    return {
        Decision.PUBLISH: _("Publish"),
        Decision.ASK: _("Ask the author"),
        Decision.MERGE: _("Merge into another idea"),
        Decision.REFUSE: _("Refuse"),
        Decision.ESCALATE: _("Pass on to a coordinator"),
        Decision.KEEP: _("Keep: nothing is wrong with it"),
        Decision.HIDE: _("Hide"),
        Decision.DISMISS: _("Dismiss the appeal"),
        Decision.NOTE: _("Note"),
    }
