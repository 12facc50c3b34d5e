"""The opening checklist in words: what is done, what is missing, where it is done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import url_for

from app.sdk import LANGUAGES, _, current_city, date_and_time, may, money, ngettext, now, number, picked

from ..models import Edition
from ..rules.checklist import Check, Setup, Task, opening_checklist
from ..services import projects
from ..services.contests import name_of as contest_title
from ..services.editions import may_change
from ..services.eligibility import who_can_vote
from ..services.explaining import how_to_choose
from ..services.wording import category_name

NAMED = 5
OF_IMPORTED = (Task.TEXTS, Task.MONEY, Task.PROJECTS, Task.CATEGORIES)
_PAGES = {
    Task.TEXTS: "texts",
    Task.MONEY: "money",
    Task.PROJECTS: "project_list",
    Task.COSTS: "project_list",
    Task.CATEGORIES: "categories",
    Task.CONTESTS: "contests",
    Task.BALLOT: "ballot",
    Task.VOTERS: "voters",
    Task.DATES: "dates",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One task as the list shows it; `url` is None for whoever may only look."""

    title: str
    url: str | None
    hint: str
    state: str

    @property
    def is_done(self) -> bool:
        """Tell whether nothing is missing."""
        return self.state == "done"


def lines(edition: Edition, setup: Setup, checks: Sequence[Check]) -> list[Line]:
    """Return the tasks of an edition; of an imported one those that the file leaves to staff."""
    return [
        _line(edition, setup, check) for check in checks if not edition.imported or check.task in OF_IMPORTED
    ]


def checks_of(edition: Edition, setup: Setup) -> tuple[Check, ...]:
    """Return the checks as they stand at this moment."""
    return opening_checklist(setup, now())


def _line(edition: Edition, setup: Setup, check: Check) -> Line:
    done = check.done or not may_change(edition)
    page = _PAGES[check.task]
    if check.task is Task.TEXTS and check.names == ("projects",):
        page = "project_list"
    if check.task is Task.CATEGORIES and not done:
        page = "money"
    url = (
        url_for(f"participatory_budget_admin.{page}", edition_id=edition.id)
        if may("participatory_budget.manage")
        else None
    )
    hint = _facts(edition, setup, check.task) if done else _missing(edition, setup, check)
    return Line(_title(check.task), url, hint, "done" if done else "todo")


def _title(task: Task) -> str:
    return {
        Task.TEXTS: _("Texts"),
        Task.MONEY: _("Money and counting rule"),
        Task.PROJECTS: _("Projects"),
        Task.COSTS: _("Costs"),
        Task.CATEGORIES: _("Categories"),
        Task.CONTESTS: _("Contests"),
        Task.BALLOT: _("Ballot"),
        Task.VOTERS: _("Who can vote"),
        Task.DATES: _("Dates"),
    }[task]


def _facts(edition: Edition, setup: Setup, task: Task) -> str:
    match task:
        case Task.MONEY:
            return money(edition.budget, edition.currency)
        case Task.PROJECTS:
            found = len(setup.options)
            return ngettext("%(num)d project", "%(num)d projects", found)
        case Task.CATEGORIES if edition.categories:
            return ", ".join(str(picked(one.name)) for one in edition.categories[:NAMED])
        case Task.CATEGORIES:
            return _("None: all projects stand together.")
        case Task.CONTESTS:
            return ngettext("%(num)d contest", "%(num)d contests", len(edition.contests))
        case Task.BALLOT:
            return how_to_choose(edition)
        case Task.VOTERS:
            return " ".join(f"{one}." for one in who_can_vote(edition)) or _("Everyone with an account.")
        case Task.DATES if edition.opens_at and edition.closes_at:
            return _(
                "Opens %(opens)s, closes %(closes)s.",
                opens=date_and_time(edition.opens_at),
                closes=date_and_time(edition.closes_at),
            )
        case _:
            return ""


def _missing(edition: Edition, setup: Setup, check: Check) -> str:
    match check.task:
        case Task.TEXTS:
            return _missing_texts(check.names)
        case Task.MONEY:
            return _missing_money(edition, setup)
        case Task.PROJECTS:
            return ngettext(
                "There is %(num)d project; a vote needs at least 2.",
                "There are %(num)d projects; a vote needs at least 2.",
                len(setup.options),
            )
        case Task.COSTS:
            return _(
                "Costs nothing, or more than there is for it: %(projects)s", projects=_named(edition, check)
            )
        case Task.CATEGORIES:
            names = ", ".join(category_name(edition, key) for key in check.names)
            return _("No money is set aside for: %(names)s", names=names)
        case Task.CONTESTS:
            names = ", ".join(contest_title(edition, key) for key in check.names)
            return _("There are projects and no money for: %(names)s", names=names)
        case Task.BALLOT:
            return _("Say how many projects one voter can choose.")
        case Task.VOTERS:
            return _("The city no longer asks for: %(names)s", names=", ".join(check.names))
        case Task.DATES:
            return _missing_dates(edition)


def _missing_texts(names: Iterable[str]) -> str:
    words = {"title": _("the title"), "summary": _("the summary"), "projects": _("titles of projects")}
    return _(
        "Missing in %(language)s: %(texts)s",
        language=LANGUAGES[current_city().language],
        texts=", ".join(words[name] for name in names),
    )


def _missing_money(edition: Edition, setup: Setup) -> str:
    if not setup.budget:
        return _("Say how much money there is.")
    if setup.contests is not None and not setup.contests:
        return _("Say how much money each district and the whole city have.")
    over = sum((setup.contests or setup.envelopes).values()) - setup.budget
    if over > 0 and setup.contests:
        amount = money(over, edition.currency)
        return _("The districts and the whole city have %(amount)s more than there is in all.", amount=amount)
    if over > 0:
        amount = money(over, edition.currency)
        return _("The categories have %(amount)s more than there is in all.", amount=amount)
    return _("A category has no money.")


def _missing_dates(edition: Edition) -> str:
    if edition.closes_at is None:
        return _("Say when the vote closes.")
    if edition.closes_at <= now():
        return _("The close has passed.")
    if edition.opens_at is None:
        return _("Say when the vote opens, or open it by hand.")
    return _("The vote must close after it opens.")


def _named(edition: Edition, check: Check) -> str:
    shown = projects.numbered(edition, check.projects[:NAMED])
    names = [_("no. %(number)s %(title)s", number=p.reference, title=picked(p.title)) for p in shown]
    if len(check.projects) > NAMED:
        names.append(_("%(count)s more", count=number(len(check.projects) - NAMED)))
    return ", ".join(names)
