"""The rule of an edition in plain sentences, before the vote and after the count."""

from collections.abc import Sequence

from app.sdk import _, money, ngettext, number

from ..models import Edition
from ..rules.ballots import BallotType
from ..rules.equal_shares import Completion
from ..rules.outcomes import Method, Rule
from ..rules.protocol import Protocol
from ..rules.ties import TieBreak


def vote_sentences(edition: Edition) -> Sequence[str]:
    """Return in three sentences how one votes, who gets the money, and until when one can think again."""
    return [
        how_to_choose(edition),
        _order(edition.method, has_envelopes=bool(edition.envelopes)),
        _("You can change your vote until the close; only the last one counts."),
    ]


def count_sentences(protocol: Protocol) -> Sequence[str]:
    """Return in a few sentences how the votes became a result."""
    return [
        ngettext(
            "The %(count)s ballot gave one vote to every project it names.",
            "Each of the %(count)s ballots gave one vote to every project it names.",
            protocol.ballots,
            count=number(protocol.ballots),
        ),
        _order_then(protocol.rule.method, has_envelopes=bool(protocol.rule.envelopes)),
        *_rest(protocol.rule),
        _ties(protocol.rule.tie_break, protocol.rule.min_votes),
    ]


def how_to_choose(edition: Edition) -> str:
    """Return in one sentence what a voter can do."""
    if edition.ballot_type is BallotType.KNAPSACK:
        return _(
            "Choose as many projects as you like, as long as together they cost no more than %(amount)s.",
            amount=money(edition.budget, edition.currency),
        )
    if edition.max_per_category is not None:
        return ngettext(
            "Choose up to %(num)d project in each category.",
            "Choose up to %(num)d projects in each category.",
            edition.max_per_category,
        )
    if edition.max_choices is not None:
        return ngettext(
            "Choose up to %(num)d project.", "Choose up to %(num)d projects.", edition.max_choices
        )
    return _("Choose as many projects as you like.")


def tie_sentence(by: TieBreak) -> str:
    """Return what decided between projects with equal votes."""
    if by is TieBreak.CHEAPER_FIRST:
        return _("The cheaper one came first.")
    return _("The one with the lower number on the ballot came first.")


def _order(method: Method, *, has_envelopes: bool) -> str:
    match method, has_envelopes:
        case Method.GREEDY_SKIP, False:
            return _(
                "The projects with the most votes are paid first; one that no longer fits is passed over."
            )
        case Method.GREEDY_SKIP, True:
            return _(
                "In each category the projects with the most votes are paid first; "
                "one that no longer fits is passed over."
            )
        case Method.GREEDY_STOP, False:
            return _("The projects with the most votes are paid first, until one no longer fits.")
        case Method.EQUAL_SHARES, False:
            return _(
                "The money is shared out among the voters; "
                "supporters of a project pay for it together, as long as their shares last."
            )
        case Method.EQUAL_SHARES, True:
            return _(
                "In each category the money is shared out among those who vote there; "
                "supporters of a project pay for it together, as long as their shares last."
            )
        case _:
            return _(
                "In each category the projects with the most votes are paid first, until one no longer fits."
            )


def _order_then(method: Method, *, has_envelopes: bool) -> str:
    match method, has_envelopes:
        case Method.GREEDY_SKIP, False:
            return _("Projects got their money by their votes; one that no longer fitted was passed over.")
        case Method.GREEDY_SKIP, True:
            return _(
                "Every category has its own money; projects got theirs by their votes, "
                "and one that no longer fitted was passed over."
            )
        case Method.GREEDY_STOP, False:
            return _("Projects got their money by their votes, until one no longer fitted.")
        case Method.EQUAL_SHARES, False:
            return _(
                "Every voter had an equal share of the money; "
                "a project was funded when its supporters could pay for it together (Method of Equal Shares)."
            )
        case Method.EQUAL_SHARES, True:
            return _(
                "Every category has its own money, shared out equally among those who voted there; "
                "a project was funded when its supporters could pay for it together (Method of Equal Shares)."
            )
        case _:
            return _(
                "Every category has its own money; projects got theirs by their votes, "
                "until one no longer fitted."
            )


def _rest(rule: Rule) -> Sequence[str]:
    """Return what became of money that no voters could spend together."""
    if rule.method is not Method.EQUAL_SHARES:
        return []
    match rule.completion:
        case Completion.NONE:
            return [_("What nobody could spend together was left.")]
        case Completion.GREEDY:
            return [_("What nobody could spend together went to further projects by their votes.")]
        case Completion.ADD1:
            return [
                _("All shares were raised by hundredths as long as the winners cost no more than there was.")
            ]
        case Completion.ADD1U:
            return [
                _(
                    "All shares were raised by hundredths as long as the winners cost no more than there was; "
                    "the rest went to further projects by their votes."
                )
            ]


def _ties(tie_break: TieBreak, min_votes: int) -> str:
    if min_votes <= 1:
        if tie_break is TieBreak.CHEAPER_FIRST:
            return _("Of projects with equal votes the cheaper one came first.")
        return _("Of projects with equal votes the one with the lower number came first.")
    if tie_break is TieBreak.CHEAPER_FIRST:
        return _(
            "A project needed at least %(least)s votes; "
            "of projects with equal votes the cheaper one came first.",
            least=number(min_votes),
        )
    return _(
        "A project needed at least %(least)s votes; "
        "of projects with equal votes the one with the lower number came first.",
        least=number(min_votes),
    )
