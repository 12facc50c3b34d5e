"""The page of one edition: where it stands, what can be done next, what is still missing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from babel.dates import format_skeleton
from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.sdk import Conflict, ServiceError, _, db, language, line_chart, may, now, number, render

from ..models import Count, CountState, Edition, Failure
from ..rules.phases import Phase, Stage
from ..rules.schedule import Part
from ..services import calendar, counting, editions, other_method, turnout
from ..services.counting import is_current
from ..services.frozen import is_as_frozen
from ..services.paper_votes.box import waits_for_paper
from ..services.phase_names import part_name
from ..services.sealing import box_and_roll
from ..services.statistics.contests import by_contest
from ..services.statistics.wording import GroupNames
from ..services.steps import Step, steps
from .checklist import checks_of, lines
from .sections import sections

PATIENCE = timedelta(minutes=5)
OF_STAFF = (Step.DELETE,)
"""Steps for whoever prepares editions; all others open, close, count or publish."""


@dataclass(frozen=True, slots=True)
class Board:
    """Where an edition stands; `steps` are those that the reader may take."""

    edition: Edition
    phase: Phase
    steps: tuple[Step, ...]
    steps_of_others: bool
    count: Count | None
    is_stale: bool
    voters: int
    waits_for_paper: bool = False
    differs: bool = False
    """Whether rules or projects are not those that were frozen."""
    may_choose_method: bool = False
    """Whether two people can choose another way to hand out the money."""
    box_and_roll: tuple[int, int] | None = None
    """How many ballots lie in the box and how many voters have one there, where the sealing is late."""

    @property
    def is_moving(self) -> bool:
        """Tell whether it changes by itself within seconds."""
        stands = self.failure or self.waits_for_paper or self.is_late
        return self.phase is Phase.CLOSED or (self.phase is Phase.COUNTING and not stands)

    @property
    def is_late(self) -> bool:
        """Tell whether the vote should have been sealed by now."""
        moments = [one for one in (self.edition.closes_at, self.edition.paper_done_at) if one]
        is_unsealed = self.phase in (Phase.CLOSED, Phase.COUNTING) and self.edition.sealed_at is None
        return is_unsealed and not self.waits_for_paper and bool(moments) and now() > max(moments) + PATIENCE

    @property
    def unsealed(self) -> str:
        """Return why the ballots are not sealed though they should be, and what to do."""
        if self.box_and_roll is None:
            return ""
        ballots, voters = self.box_and_roll
        if ballots == voters:
            return _(
                "The ballots have not been sealed yet, later than usual. No ballot is lost and none can be added."
                " It is tried again every minute. Tell whoever runs the platform."
            )
        return _(
            "The ballots cannot be sealed: %(ballots)s lie in the box, and %(voters)s voters are on the roll. No"
            " ballot is lost and none can be added. Change nothing, and tell whoever runs the platform: somebody has"
            " to find out why before anything is counted.",
            ballots=number(ballots),
            voters=number(voters),
        )

    @property
    def is_held_back(self) -> bool:
        """Tell whether the result should have been published by itself by now."""
        at = self.edition.publish_at
        return self.phase is Phase.COUNTED and at is not None and now() > at + PATIENCE

    @property
    def is_in_vain(self) -> bool:
        """Tell whether counting again by the same rule cannot help."""
        failed = self.count is not None and self.count.failure == Failure.TOO_MANY_TOTALS
        return failed and other_method.has_optimum(self.edition)

    @property
    def failure(self) -> str:
        """Return why the newest count failed; nothing when it did not."""
        if self.count is None or self.count.state is not CountState.FAILED:
            return ""
        if self.count.failure == Failure.TWO_COUNTS_DIFFER:
            return _("Two ways of counting came to different numbers. Nothing was published.")
        if self.count.failure == Failure.TWO_RESULTS_DIFFER:
            return _(
                "The published program came to another result from the same ballots. Nothing was published."
            )
        if self.count.failure == Failure.RULES_DIFFER:
            return _("The rules or the projects are not those that were frozen. Nothing was published.")
        if self.count.failure == Failure.TOO_MANY_TOTALS:
            return _(
                "There are too many ways to choose among these projects to find the best choice in all exactly."
                " Nothing was published."
            )
        return _("A ballot or the rule cannot be read as it was stored. Nothing was published.")


def board_of(edition: Edition) -> Board:
    """Return where an edition stands, for whoever is signed in."""
    setup, count = editions.setup_of(edition), counting.latest(edition)
    found = editions.phase(edition)
    possible = steps(edition, setup, count)
    mine = tuple(step for step in possible if may_take(step))
    done = count is not None and count.state is CountState.DONE
    board = Board(
        edition=edition,
        phase=found,
        steps=mine,
        steps_of_others=len(mine) < len(possible),
        count=count,
        is_stale=bool(done and count and not edition.published_at and not is_current(edition, count)),
        voters=turnout.totals([edition]).get(edition.id, 0),
        waits_for_paper=edition.stage is Stage.COUNTING
        and edition.sealed_at is None
        and waits_for_paper(edition),
        may_choose_method=found is Phase.COUNTING and other_method.may_choose(edition),
        differs=found in (Phase.COUNTING, Phase.COUNTED) and not is_as_frozen(edition),
    )
    return replace(board, box_and_roll=box_and_roll(edition)) if board.is_late else board


def may_take(step: Step) -> bool:
    """Tell whether the reader may take a step when it is open."""
    return may("participatory_budget.manage") if step in OF_STAFF else may("participatory_budget.publish")


def hub(edition: Edition, *, problem: str = "") -> str:
    """Return the page of an edition."""
    setup, days = editions.setup_of(edition), turnout.days(edition)
    tasks = lines(edition, setup, checks_of(edition, setup))
    board = board_of(edition)
    return render(
        "participatory_budget/admin/edition.html",
        edition=edition,
        board=board,
        tasks=tasks,
        next_task=next((task for task in tasks if not task.is_done and task.url), None),
        days=days,
        chart=_chart(days),
        by_contest=by_contest(edition) if board.voters else None,
        group_name=GroupNames(edition),
        sections=sections(edition),
        phases=calendar.phases_of(edition),
        phase_names={part: part_name(part) for part in Part},
        problem=problem,
    )


def to_hub(edition: Edition, message: str) -> ResponseReturnValue:
    """Go back to the page of an edition and say what was done."""
    flash(message, "ok")
    return redirect(url_for(".edition", edition_id=edition.id), 303)


def drop_changes(error: ServiceError) -> int:
    """Forget what a refused act had begun and return the status of the page that says so."""
    db.session.rollback()
    return error.status if isinstance(error, Conflict) else 422


def _chart(days: Sequence[turnout.Day]) -> Markup | None:
    """Draw how many people had voted by the end of each day; one day is no line."""
    if len(days) < 2:
        return None
    points = [(format_skeleton("MMMd", one.day, locale=language()), one.in_all) for one in days]
    return line_chart(points, label=_("People who had voted by the end of each day"), show=number)
