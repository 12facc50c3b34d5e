"""What coordinators read about lists and verdicts."""

from app.sdk import _

from ...rules.feasibility.steps import Answer, Verdict
from ...services.feasibility.boards import View


def view_names() -> dict[View, str]:
    """Return what the lists of examinations are called."""
    return {
        View.ALL: _("All"),
        View.FORMAL: _("Formal check"),
        View.OPINIONS: _("With departments"),
        View.OVERDUE: _("Overdue"),
        View.DECISION: _("To be decided"),
        View.DECIDED: _("To be published"),
        View.APPEALED: _("After an appeal"),
        View.DONE: _("Published"),
    }


def verdict_kinds() -> dict[Verdict, str]:
    """Return the kinds of tags of verdicts."""
    return {Verdict.FEASIBLE: "ok", Verdict.WITH_CHANGES: "warn", Verdict.NOT_FEASIBLE: "plain"}


def answer_kinds() -> dict[Answer, str]:
    """Return the kinds of tags of answers."""
    return {Answer.YES: "ok", Answer.CHANGES: "warn", Answer.NO: "bad"}
