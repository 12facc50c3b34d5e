"""The ballot paper as one voter sees it: what she has chosen, what is left, what stands in the way."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select

from app.sdk import _, db, money, ngettext, number

from ..models import Edition, Project
from ..rules.ballots import (
    BallotRule,
    Option,
    ProblemCode,
    Remaining,
    check_choices,
    obstacle,
    remaining,
)
from .editions import ballot_rule, options
from .projects import NO_CATEGORY
from .wording import category_name, obstacle_text, problem_text

TOO_MUCH = frozenset({ProblemCode.OVER_BUDGET, ProblemCode.TOO_MANY, ProblemCode.TOO_MANY_IN_CATEGORY})


@dataclass(frozen=True, slots=True)
class Line:
    """A project on the paper; `why_not` says why it cannot be added."""

    project: Project
    selected: bool = False
    why_not: str | None = None


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


class Paper:
    """A voter's choices on the paper of an edition."""

    def __init__(self, edition: Edition, choices: Iterable[int]) -> None:
        self.edition = edition
        self.rule: BallotRule = ballot_rule(edition)
        self.options: Mapping[int, Option] = {option.number: option for option in options(edition)}
        self.choices: tuple[int, ...] = tuple(choices)

    def with_choices(self, choices: Iterable[int]) -> "Paper":
        """Return the same paper with other choices."""
        other = Paper.__new__(Paper)
        other.edition, other.rule, other.options = self.edition, self.rule, self.options
        other.choices = tuple(choices)
        return other

    @cached_property
    def left(self) -> Remaining:
        """Return what the voter still has."""
        return remaining(self.choices, self.options.values(), self.rule)

    @property
    def by_category(self) -> bool:
        """Tell whether votes are counted category by category."""
        return self.rule.max_per_category is not None

    @cached_property
    def problems(self) -> Sequence[str]:
        """Return what keeps the ballot from being cast, in sentences."""
        found = check_choices(self.choices, self.options, self.rule)
        return [problem_text(problem, self.edition) for problem in found]

    def chosen(self) -> Sequence[Project]:
        """Return the chosen projects category by category; numbers that are not on the paper are passed over."""
        found = select(Project).where(Project.edition_id == self.edition.id, Project.number.in_(self.choices))
        places = {category.key: place for place, category in enumerate(self.edition.categories)}
        last = len(places)
        return sorted(
            db.session.scalars(found).all(),
            key=lambda project: (places.get(project.category, last), project.number),
        )

    @property
    def total(self) -> int:
        """Return what the chosen projects cost together."""
        return sum(self.options[number].cost for number in self.choices if number in self.options)

    def line(self, project: Project) -> Line:
        """Return a project as it stands on this paper."""
        if project.number in self.choices:
            return Line(project, selected=True)
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

    def bar(self) -> Bar:
        """Return what the bar at the foot says."""
        if self.left.money is not None and self.rule.money is not None:
            return self._money_bar(self.rule.money, self.left.money)
        return self._votes_bar()

    def leftovers(self) -> Sequence[str]:
        """Return what the voter could still do, in sentences; nothing when all is used."""
        free = [o for o in self.options.values() if o.number not in self.choices]
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
            chosen_text=ngettext("%(num)d chosen", "%(num)d chosen", len(self.choices)),
        )

    def _votes_bar(self) -> Bar:
        used, total = len(self.choices), self._votes()
        over = any(p.code in TOO_MUCH for p in check_choices(self.choices, self.options, self.rule))
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
