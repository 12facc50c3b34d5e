"""One contest on a voter's ballot paper: what she has marked there, what is left, what stands in the way."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.sdk import _, money, ngettext, number

from ..models import Edition, Project
from ..rules.ballots import BallotRule, BallotType, Option, ProblemCode, Remaining, obstacle, remaining
from ..rules.checks import check_marks, points_left
from ..rules.marks import Marks
from .projects import NO_CATEGORY
from .wording import category_name, mark_name, obstacle_text

TOO_MUCH = frozenset({ProblemCode.OVER_BUDGET, ProblemCode.TOO_MANY, ProblemCode.TOO_MANY_IN_CATEGORY})


@dataclass(frozen=True, slots=True)
class Line:
    """A project on the paper; `why_not` says why it cannot be added, `said` what its mark means."""

    project: Project
    selected: bool = False
    why_not: str | None = None
    mark: int = 0
    said: str = ""
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """The bar at the foot of the paper: "€570,000 left of €3,000,000 · 3 chosen", and how much of it is used."""

    main: str
    text: str
    used: int
    total: int
    over: bool = False
    total_text: str = ""
    chosen_text: str = ""


@dataclass(frozen=True, slots=True)
class CategoryVotes:
    """A category with the votes used in it; projects without one share the key that `projects` knows them by."""

    key: str
    name: str
    used: int
    allowed: int


class ContestPaper:
    """A voter's marks in one contest of an edition; an edition without contests is one."""

    def __init__(
        self, edition: Edition, key: str, rule: BallotRule, options: Mapping[int, Option], marks: Marks
    ) -> None:
        self.edition, self.key, self.rule = edition, key, rule
        self.options, self.marks = options, marks

    @cached_property
    def left(self) -> Remaining:
        """Return what the voter still has."""
        return remaining(self.marks, self.options.values(), self.rule)

    @property
    def points_left(self) -> int | None:
        """Return the points the voter still has; None where points have no limit or there are none."""
        return points_left(self.marks, self.rule)

    @property
    def by_category(self) -> bool:
        """Tell whether votes are counted category by category."""
        return self.rule.max_per_category is not None

    @property
    def total(self) -> int:
        """Return what the marked projects cost together."""
        return sum(self.options[number].cost for number in self.marks)

    def line(self, project: Project) -> Line:
        """Return a project as it stands on this paper."""
        mark = self.marks.get(project.number, 0)
        if mark:
            said = mark_name(self.rule, mark)
            return Line(project, selected=True, mark=mark, said=said, is_last=mark == len(self.marks))
        if self.rule.type in (BallotType.POINTS, BallotType.JUDGEMENT):
            return Line(project)
        problem = obstacle(self.options[project.number], self.left, self.rule)
        return Line(project, why_not=obstacle_text(problem, self.edition) if problem else None)

    def counters(self) -> Sequence[CategoryVotes]:
        """Return the categories that have projects, with the votes used and allowed in each."""
        each = self.rule.max_per_category or 0
        sizes = Counter(option.category for option in self.options.values())
        keys = [key for key in (*(category.key for category in self.edition.categories), "") if sizes[key]]
        return [
            CategoryVotes(
                key or NO_CATEGORY,
                category_name(self.edition, key),
                each - self.left.by_category[key],
                min(each, sizes[key]),
            )
            for key in keys
        ]

    def progress(self) -> tuple[int, int]:
        """Return how much is used, and of how much."""
        match self.rule.type:
            case BallotType.KNAPSACK if self.rule.money is not None:
                return self.total, self.rule.money
            case BallotType.POINTS if self.rule.points is not None:
                return sum(self.marks.values()), self.rule.points
            case BallotType.JUDGEMENT:
                return len(self.marks), len(self.options)
            case _:
                votes = self._votes()
                return len(self.marks), len(self.options) if votes is None else votes

    def short(self) -> str:
        """Return in a few characters how much is used: "3/5"."""
        used, total = self.progress()
        if self.rule.type is BallotType.KNAPSACK:
            return money(used, self.edition.currency)
        return f"{number(used)}/{number(total)}"

    def bar(self) -> Bar:
        """Return what the bar at the foot says."""
        if self.left.money is not None and self.rule.money is not None:
            return self._money_bar(self.rule.money, self.left.money)
        match self.rule.type:
            case BallotType.POINTS:
                return self._points_bar()
            case BallotType.JUDGEMENT:
                return self._judged_bar()
            case BallotType.RANKED:
                return self._ranked_bar()
            case _:
                return self._votes_bar()

    def leftovers(self) -> Sequence[str]:
        """Return what the voter could still do, in sentences; nothing when all is used."""
        match self.rule.type:
            case BallotType.POINTS:
                return self._points_leftover()
            case BallotType.JUDGEMENT:
                return self._unjudged()
        free = [o for o in self.options.values() if o.number not in self.marks]
        open_to_her = [o for o in free if obstacle(o, self.left, self.rule) is None]
        if not open_to_her:
            return []
        if self.left.money is not None:
            return [self._money_left(self.left.money, len(open_to_her))]
        if self.by_category:
            return list(self._votes_left_by_category(open_to_her))
        if self.left.choices is None:
            return []
        most = min(self.left.choices, len(open_to_her))
        return [
            ngettext("You can still choose %(num)d project.", "You can still choose %(num)d projects.", most)
        ]

    def _money_bar(self, total: int, left: int) -> Bar:
        if left < 0:
            over = money(-left, self.edition.currency)
            return Bar(over, _("too much. Remove a project."), total, total, over=True)
        return Bar(
            money(left, self.edition.currency),
            _("left"),
            total - left,
            total,
            total_text=_("of %(total)s", total=money(total, self.edition.currency)),
            chosen_text=ngettext("%(num)d chosen", "%(num)d chosen", len(self.marks)),
        )

    def _points_bar(self) -> Bar:
        given, left = sum(self.marks.values()), self.points_left
        projects = ngettext("%(num)d project", "%(num)d projects", len(self.marks))
        if left is None:
            text = ngettext("point given", "points given", given)
            return Bar(number(given), text, len(self.marks), len(self.options), chosen_text=projects)
        total = given + left
        if left < 0:
            text = ngettext("point too many. Take it away.", "points too many. Take some away.", -left)
            return Bar(number(-left), text, total, total, over=True)
        text = ngettext("point left", "points left", left)
        of_all = _("of %(total)s", total=number(total))
        return Bar(number(left), text, given, total, total_text=of_all, chosen_text=projects)

    def _judged_bar(self) -> Bar:
        used, total = self.progress()
        text = ngettext("of %(num)d project judged", "of %(num)d projects judged", total)
        return Bar(number(used), text, used, total)

    def _ranked_bar(self) -> Bar:
        used, limit = len(self.marks), self.rule.max_choices
        if limit is None:
            text = ngettext("project in your order", "projects in your order", used)
            return Bar(number(used), text, used, len(self.options))
        text = ngettext("of %(num)d place filled", "of %(num)d places filled", limit)
        return Bar(number(used), text, min(used, limit), limit, over=used > limit)

    def _votes_bar(self) -> Bar:
        used, total = len(self.marks), self._votes()
        over = any(problem.code in TOO_MUCH for problem in check_marks(self.marks, self.options, self.rule))
        if total is None:
            text = ngettext("project chosen", "projects chosen", used)
            return Bar(number(used), text, used, len(self.options))
        if over:
            text = _("of %(total)s votes used. Too many in one category.", total=number(total))
        else:
            text = ngettext("of %(num)d vote used", "of %(num)d votes used", total)
        return Bar(number(used), text, min(used, total), total, over)

    def _votes(self) -> int | None:
        """Return how many projects one ballot can name at most; None when the rule has no such limit."""
        limits = [self.rule.max_choices] if self.rule.max_choices is not None else []
        if self.by_category:
            limits.append(sum(counter.allowed for counter in self.counters()))
        return min(limits, default=None)

    def _money_left(self, left: int, fitting: int) -> str:
        return ngettext(
            "%(amount)s is left; %(num)d more project fits.",
            "%(amount)s is left; %(num)d more projects fit.",
            fitting,
            amount=money(left, self.edition.currency),
        )

    def _points_leftover(self) -> Sequence[str]:
        left = self.points_left or 0
        if left < 1:
            return []
        return [ngettext("You can still give %(num)d point.", "You can still give %(num)d points.", left)]

    def _unjudged(self) -> Sequence[str]:
        left = len(self.options) - len(self.marks)
        if left < 1:
            return []
        return [
            ngettext("You have not judged %(num)d project.", "You have not judged %(num)d projects.", left)
        ]

    def _votes_left_by_category(self, open_to_her: Iterable[Option]) -> Iterable[str]:
        free = Counter(option.category for option in open_to_her)
        for counter in self.counters():
            key = "" if counter.key == NO_CATEGORY else counter.key
            if free[key]:
                yield ngettext(
                    "%(category)s: you can still choose %(num)d project.",
                    "%(category)s: you can still choose %(num)d projects.",
                    min(self.left.by_category[key], free[key]),
                    category=counter.name,
                )
