"""Sentences for what the rules say in codes and numbers."""

from dataclasses import dataclass

from app.sdk import _, money, ngettext, number, picked

from ..models import Edition
from ..rules.ballots import Problem, ProblemCode
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
