"""The ballot paper as one voter sees it: one contest, or that of her district and that of the whole city."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from sqlalchemy import select

from app.sdk import _, db

from ..models import Edition, Project
from ..rules.ballots import BallotType, Option
from ..rules.checks import check_ballot, contest_options
from ..rules.contests import CITYWIDE, ContestsBy, contest_of
from ..rules.marks import Marks, marks_within
from .contest_paper import ContestPaper, Line
from .drafts import Chosen
from .editions import options
from .taking_part import rules_on_ballot
from .wording import contest_name, problem_text

MARKED = (BallotType.POINTS, BallotType.RANKED, BallotType.JUDGEMENT)
"""Ballots that say more of a project than whether it is chosen."""

ELSEWHERE = "?"
"""Under this key stand chosen projects of a contest in which the voter takes no part."""


class Paper:
    """A voter's marks on the paper of an edition."""

    def __init__(self, edition: Edition, chosen: Chosen, paper: Mapping[int, Option] | None = None) -> None:
        self.edition, self.district = edition, chosen.district
        self.options = paper or {option.number: option for option in options(edition)}
        self.marks: Marks = chosen.marks
        self.rules = rules_on_ballot(edition, chosen.district or CITYWIDE)
        self.contests = {key: self._contest(key) for key in self.rules}

    def _contest(self, key: str) -> ContestPaper:
        here = contest_options(self.options, self.edition.contests_by, key)
        marks = marks_within(self.edition.ballot_type, self.marks, here)
        return ContestPaper(self.edition, key, self.rules[key], here, marks)

    def with_chosen(self, chosen: Chosen) -> "Paper":
        """Return the same paper with other choices."""
        return Paper(self.edition, chosen, self.options)

    @property
    def has_contests(self) -> bool:
        """Tell whether projects of districts and of the whole city are chosen apart."""
        return self.edition.contests_by is not ContestsBy.ONE

    @property
    def is_marked(self) -> bool:
        """Tell whether projects get points, places or grades instead of being chosen."""
        return self.edition.ballot_type in MARKED

    @cached_property
    def problems(self) -> Sequence[str]:
        """Return what keeps the ballot from being cast, in sentences."""
        found = check_ballot(self.marks, self.options, self.rules, self.edition.contests_by)
        several = len(self.contests) > 1
        return [
            _(
                "%(contest)s: %(problem)s",
                contest=contest_name(self.edition, problem.contest),
                problem=problem_text(problem, self.edition),
            )
            if several and problem.contest in self.contests and not problem.project and self.marks
            else problem_text(problem, self.edition)
            for problem in found
        ]

    def leftovers(self) -> Sequence[str]:
        """Return what the voter could still do, in sentences; nothing when all is used."""
        if len(self.contests) == 1:
            return next(iter(self.contests.values())).leftovers()
        return [
            _("%(contest)s: %(problem)s", contest=contest_name(self.edition, key), problem=sentence)
            for key, contest in self.contests.items()
            for sentence in contest.leftovers()
        ]

    def open_contest(self, key: str | None = None) -> ContestPaper:
        """Return the contest that is asked for, else the first."""
        return self.contests[key if key in self.contests else next(iter(self.contests))]

    def contest_on(self, number: int) -> ContestPaper | None:
        """Return the contest in which a project competes; None when the voter takes no part in it."""
        return self.contests.get(contest_of(self.options[number], self.edition.contests_by))

    def line(self, project: Project) -> Line:
        """Return a project as it stands on this paper."""
        contest = self.contest_on(project.number)
        if contest is None:
            return Line(project, why_not=_("This project is not on your ballot."))
        return contest.line(project)

    def sent(self) -> Sequence[str]:
        """Return the marks as a form carries them: the number of a project, with its mark where there are several."""
        if not self.is_marked:
            return [str(number) for number in sorted(self.marks)]
        return [f"{number}:{mark}" for number, mark in sorted(self.marks.items())]

    def chosen(self) -> Mapping[str, Sequence[Line]]:
        """Return the chosen projects contest by contest: the best first where they have marks, else by category."""
        found = select(Project).where(Project.edition_id == self.edition.id, Project.number.in_(self.marks))
        places = {category.key: place for place, category in enumerate(self.edition.categories)}
        grouped: dict[str, list[Line]] = {key: [] for key in self.contests}
        for project in db.session.scalars(found):
            contest = self.contest_on(project.number)
            line = contest.line(project) if contest else Line(project, selected=True)
            grouped.setdefault(contest.key if contest else ELSEWHERE, []).append(line)
        for lines in grouped.values():
            lines.sort(key=lambda line: self._place(line, places))
        return grouped

    def _place(self, line: Line, places: Mapping[str, int]) -> tuple[int, int]:
        match self.edition.ballot_type:
            case BallotType.RANKED:
                return line.mark, line.project.number
            case BallotType.POINTS | BallotType.JUDGEMENT:
                return -line.mark, line.project.number
            case _:
                return places.get(line.project.category, len(places)), line.project.number
