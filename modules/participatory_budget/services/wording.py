"""Sentences for what the rules say in codes and numbers."""

from dataclasses import dataclass

from app.sdk import _, money, ngettext, number, picked

from ..models import Edition
from ..rules.ballots import BallotRule, BallotType, Problem, ProblemCode
from ..rules.pabulib.errors import PbError

GRADE_PICTURES = {"love": "heart", "like": "star", "why-not": "circle-help", "not-convinced": "minus"}


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
        case ProblemCode.TOO_MANY_POINTS:
            return ngettext(
                "You have given %(num)d point too many.",
                "You have given %(num)d points too many.",
                problem.by or 0,
            )
        case ProblemCode.TOO_MANY_POINTS_FOR_ONE:
            return ngettext(
                "A project can get %(num)d point; project %(project)s has %(chosen)s.",
                "A project can get %(num)d points; project %(project)s has %(chosen)s.",
                limit,
                project=problem.project,
                chosen=number(chosen),
            )
        case ProblemCode.GRADES_MISSING:
            return ngettext(
                "Judge every project: %(num)d has no judgement yet.",
                "Judge every project: %(num)d have no judgement yet.",
                limit - chosen,
            )
        case ProblemCode.GAP_IN_RANKING:
            return _("Two projects have the same place, or a place is missing. Put them in order again.")
        case ProblemCode.WRONG_MARK:
            return _(
                "Project %(number)s has an answer that this ballot does not know.", number=problem.project
            )
        case ProblemCode.WRONG_DISTRICT:
            return _("Project %(number)s is for another district. Remove it.", number=problem.project)
        case _:
            return _("Project %(number)s is not on this ballot.", number=problem.project)


def mark_name(rule: BallotRule, mark: int) -> str:
    """Return what a mark on a ballot says: "3 points", "2nd", "I like it"; nothing where it only chooses."""
    match rule.type:
        case BallotType.POINTS:
            return ngettext("%(num)d point", "%(num)d points", mark)
        case BallotType.RANKED:
            return _("Place %(place)s", place=number(mark))
        case BallotType.JUDGEMENT if 1 <= mark <= len(rule.grades):
            return grade_name(rule.grades[mark - 1])
        case _:
            return ""


def grade_name(key: str) -> str:
    """Return what a grade is called; a key that the platform does not know stands for itself."""
    known = {
        "not-convinced": _("Not convinced"),
        "why-not": _("Why not"),
        "like": _("I like it"),
        "love": _("I love it"),
        "reject": _("Reject"),
        "poor": _("Poor"),
        "acceptable": _("Acceptable"),
        "good": _("Good"),
        "very-good": _("Very good"),
        "excellent": _("Excellent"),
    }
    return known.get(key, key)


def grades_on_paper(rule: BallotRule) -> list[tuple[int, str, str]]:
    """Return the grades of a ballot with their marks and pictures, the highest first."""
    found = [
        (mark, grade_name(key), GRADE_PICTURES.get(key, "")) for mark, key in enumerate(rule.grades, start=1)
    ]
    return found[::-1]


def contest_name(edition: Edition, key: str) -> str:
    """Return what a contest is called: its district, or the whole city."""
    if not key:
        return _("Whole city")
    return _("Your district: %(name)s", name=Names(edition).district(key))


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
        case ProblemCode.TOO_MANY if edition.ballot_type is BallotType.RANKED:
            return ngettext(
                "Your %(num)d place is taken. Remove a project first.",
                "Your %(num)d places are taken. Remove a project first.",
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
