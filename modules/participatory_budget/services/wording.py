"""Sentences for what the rules say in codes and numbers."""

from dataclasses import dataclass

from app.sdk import _, money, ngettext, number, picked

from ..models import Edition
from ..rules.ballots import Problem, ProblemCode
from ..rules.outcomes import Reason, ReasonCode
from ..rules.pabulib.errors import PbError


def problem_text(problem: Problem, edition: Edition) -> str:
    """Return what is wrong with a ballot, in a sentence for the voter."""
    limit, chosen = problem.limit or 0, problem.chosen or 0
    match problem.code:
        case ProblemCode.EMPTY:
            return _("Choose at least one project.")
        case ProblemCode.TOO_FEW:
            return ngettext("Choose at least %(num)d project.", "Choose at least %(num)d projects.", limit)
        case ProblemCode.TOO_MANY:
            return ngettext(
                "You can choose %(num)d project; you have chosen %(chosen)s.",
                "You can choose %(num)d projects; you have chosen %(chosen)s.",
                limit,
                chosen=number(chosen),
            )
        case ProblemCode.TOO_MANY_IN_CATEGORY:
            return _(
                "%(category)s: you can choose %(limit)s, you have chosen %(chosen)s.",
                category=category_name(edition, problem.category),
                limit=number(limit),
                chosen=number(chosen),
            )
        case ProblemCode.OVER_BUDGET:
            over = money(problem.by or 0, edition.currency)
            return _("Your projects cost %(amount)s more than there is. Remove a project.", amount=over)
        case _:
            return _("Project %(number)s is not on this ballot.", number=problem.project)


def obstacle_text(problem: Problem, edition: Edition) -> str:
    """Return why one more project cannot be added, in a sentence beside its button."""
    limit = problem.limit or 0
    match problem.code:
        case ProblemCode.OVER_BUDGET:
            over = money(problem.by or 0, edition.currency)
            return _("Costs %(amount)s more than you have left. Remove a project first.", amount=over)
        case ProblemCode.TOO_MANY_IN_CATEGORY:
            return ngettext(
                "You have used your %(num)d vote in this category. Remove a project first.",
                "You have used your %(num)d votes in this category. Remove a project first.",
                limit,
            )
        case ProblemCode.TOO_MANY:
            return ngettext(
                "You have used your %(num)d vote. Remove a project first.",
                "You have used your %(num)d votes. Remove a project first.",
                limit,
            )
        case _:
            return problem_text(problem, edition)


def reason_text(reason: Reason, edition: Edition) -> str:
    """Return why a project is funded or not, in a sentence for everyone."""

    def amount(minor: int | None) -> str:
        return money(minor or 0, edition.currency)

    match reason.code:
        case ReasonCode.FUNDED:
            return _("Funded; %(left)s was left after it.", left=amount(reason.left))
        case ReasonCode.OVER_LEFT:
            return _("Not funded: %(by)s more than was left.", by=amount(reason.by))
        case ReasonCode.AFTER_STOP:
            return _("Not funded: the count ended at a project that no longer fitted.")
        case ReasonCode.ABOVE_BUDGET:
            return _("Not funded: it costs %(by)s more than all the money there is.", by=amount(reason.by))
        case ReasonCode.BELOW_THRESHOLD:
            return ngettext(
                "Not funded: %(num)d vote fewer than needed.",
                "Not funded: %(num)d votes fewer than needed.",
                reason.by or 0,
            )
        case ReasonCode.NO_VOTES:
            return _("Not funded: nobody voted for it.")
        case ReasonCode.BOUGHT:
            return _(
                "Funded: its supporters paid for it together, at most %(amount)s each.",
                amount=amount(reason.by),
            )
        case ReasonCode.FROM_THE_REST:
            return _("Funded by its votes, from money that no voters could spend together.")
        case ReasonCode.SHARES_SHORT:
            return _(
                "Not funded: its supporters had %(left)s left together, %(by)s too little.",
                left=amount(reason.left),
                by=amount(reason.by),
            )
        case ReasonCode.EXCLUDED:
            return _("Taken out of the count: %(reason)s", reason=reason.text)


def category_name(edition: Edition, key: str) -> str:
    """Return the name of a category in the reader's language; projects without one are "Other projects"."""
    if not key:
        return _("Other projects")
    for category in edition.categories:
        if category.key == key:
            return str(picked(category.name)) or key
    return key


@dataclass(frozen=True, slots=True)
class Names:
    """The names of an edition's categories and districts by their keys."""

    edition: Edition

    def category(self, key: str) -> str:
        """Return the name of a category in the reader's language."""
        return category_name(self.edition, key)

    def district(self, key: str) -> str:
        """Return the name of a district; a key that is none stands for itself."""
        return next((one.name for one in self.edition.districts if one.key == key), key)


def pb_error_text(error: PbError) -> str:
    """Return where a `.pb` file is wrong and why."""
    reason = _(error.template, **error.values)
    return _(
        "Line %(line)s, column %(column)s: %(reason)s", line=error.line, column=error.column, reason=reason
    )
