"""Names of ballots, counting methods and tie rules, as staff choose them and as residents read of a change."""

from collections.abc import Mapping

from app.sdk import _

from ..rules.ballots import BallotType
from ..rules.equal_shares import Completion
from ..rules.outcomes import Method
from ..rules.ties import TieBreak

USUAL: Mapping[BallotType, Method] = {
    **dict.fromkeys(BallotType, Method.GREEDY_SKIP),
    BallotType.JUDGEMENT: Method.MAJORITY_JUDGEMENT,
}
"""The rule that most cities take for a type of ballot, and that a new one begins with."""


def ballot_name(kind: BallotType) -> str:
    """Return what a type of ballot is called."""
    return {
        BallotType.APPROVAL: _("A number of projects"),
        BallotType.KNAPSACK: _("As many as the money pays for"),
        BallotType.POINTS: _("Points to share out"),
        BallotType.RANKED: _("Projects in an order"),
        BallotType.JUDGEMENT: _("A grade for each project"),
    }[kind]


def method_name(method: Method) -> str:
    """Return in a line how a method hands out money."""
    return {
        Method.GREEDY_SKIP: _("By votes; pass over a project that no longer fits, and go on"),
        Method.GREEDY_STOP: _("By votes; stop at the first project that no longer fits"),
        Method.VALUE: _("By votes for each unit of money"),
        Method.EQUAL_SHARES: _("Equal shares: each voter decides about the same amount"),
        Method.PHRAGMEN: _("Phragmén: voters save up for projects together"),
        Method.OPTIMUM: _("The set of projects with the most votes in all"),
        Method.MAJORITY_JUDGEMENT: _(
            "Majority judgement: by the grade that half of the voters give at least"
        ),
    }[method]


def method_note(method: Method) -> str:
    """Return what a method means for projects, in a sentence."""
    return {
        Method.GREEDY_SKIP: _("A cheaper project further down can still get what is left."),
        Method.GREEDY_STOP: _("What is left stays unspent."),
        Method.VALUE: _("Cheap projects come first where they have nearly as many votes."),
        Method.EQUAL_SHARES: _(
            "The money is shared out among the voters; supporters of a project pay for it together. Every group of"
            " voters decides about its part."
        ),
        Method.PHRAGMEN: _(
            "All voters earn money at the same pace; a project is bought as soon as its supporters have its cost."
        ),
        Method.OPTIMUM: _("Hard to explain, and a project with many votes can lose to several small ones."),
        Method.MAJORITY_JUDGEMENT: _(
            "Projects are paid in the order of their grades, as far as the money reaches."
        ),
    }[method]


def why_unfit(method: Method) -> str:
    """Return why a method does not fit some types of ballot."""
    if method is Method.MAJORITY_JUDGEMENT:
        return _("needs a ballot with grades")
    if method is Method.PHRAGMEN:
        return _("needs a ballot on which projects are only chosen")
    return _("grades cannot be added up")


def tie_name(by: TieBreak) -> str:
    """Return who comes first among equals."""
    return {
        TieBreak.CHEAPER_FIRST: _("The cheaper one comes first"),
        TieBreak.DEARER_FIRST: _("The dearer one comes first"),
        TieBreak.DECLARED_ORDER: _("The one with the lower number comes first"),
        TieBreak.LOT: _("By lot, with a secret seed that is committed to before the vote"),
    }[by]


def completion_name(completion: Completion) -> str:
    """Return what becomes of money that no voters can spend together."""
    return {
        Completion.ADD1U: _("Raise all shares a little, then go by votes"),
        Completion.ADD1: _("Raise all shares a little, and leave the rest"),
        Completion.GREEDY: _("Go by votes"),
        Completion.NONE: _("Leave it"),
    }[completion]
