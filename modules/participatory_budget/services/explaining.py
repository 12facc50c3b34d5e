"""The rule of an edition in plain sentences, before the vote and after the count."""

from collections.abc import Sequence

from app.sdk import _, money, ngettext, number

from ..models import Edition
from ..rules.ballots import BallotRule, BallotType
from ..rules.contests import CITYWIDE, ContestsBy
from ..rules.equal_shares import Completion
from ..rules.outcomes import Method, Rule
from ..rules.protocol import Protocol
from ..rules.ties import TieBreak
from .rules_of import ballot_rule

_WITH_POINTS = (BallotType.POINTS, BallotType.RANKED)


def vote_sentences(edition: Edition) -> Sequence[str]:
    """Return in three sentences how one votes, who gets the money, and until when one can think again."""
    return [
        *paper_sentences(edition),
        _("You can change your vote until the close; only the last one counts."),
    ]


def paper_sentences(edition: Edition) -> Sequence[str]:
    """Return what stands on a ballot on paper, which nobody can change: how one votes, and who gets the money."""
    return [
        how_to_choose(edition),
        _order(edition.method, edition.ballot_type, has_envelopes=bool(edition.envelopes)),
    ]


def count_sentences(protocol: Protocol, *, ballots: int) -> Sequence[str]:
    """Return in a few sentences how so many ballots, of all contests, became a result."""
    kind = protocol.ballot.type
    return [
        _what_ballots_gave(kind, ballots),
        _order_then(protocol.rule.method, kind, has_envelopes=bool(protocol.rule.envelopes)),
        *_rest(protocol.rule),
        _ties(protocol.rule, kind),
    ]


def _what_ballots_gave(kind: BallotType, ballots: int) -> str:
    count = number(ballots)
    match kind:
        case BallotType.POINTS:
            return ngettext(
                "The %(count)s ballot gave points to the projects it names.",
                "The %(count)s ballots gave points to the projects they name.",
                ballots,
                count=count,
            )
        case BallotType.RANKED:
            return ngettext(
                "The %(count)s ballot put projects in an order: the higher a project stood, the more points it got.",
                "The %(count)s ballots put projects in an order: the higher a project stood, the more points it got.",
                ballots,
                count=count,
            )
        case BallotType.JUDGEMENT:
            return ngettext(
                "The %(count)s ballot gave grades to projects.",
                "The %(count)s ballots gave grades to projects.",
                ballots,
                count=count,
            )
        case _:
            return ngettext(
                "The %(count)s ballot gave one vote to every project it names.",
                "Each of the %(count)s ballots gave one vote to every project it names.",
                ballots,
                count=count,
            )


def how_to_choose(edition: Edition) -> str:
    """Return in a sentence or two what a voter can do."""
    if edition.contests_by is ContestsBy.ONE:
        return choosing(edition, ballot_rule(edition))
    sentences = [choosing(edition, ballot_rule(edition, contest.key)) for contest in edition.contests]
    if any(contest.key == CITYWIDE for contest in edition.contests):
        where = _("You vote on the projects of one district and on those for the whole city.")
    else:
        where = _("You vote on the projects of one district.")
    in_each = _("In each of them:")
    return f"{where} {in_each} {sentences[0]}" if len(set(sentences)) == 1 else where


def choosing(edition: Edition, rule: BallotRule) -> str:
    """Return in a sentence or two what a voter can do in one contest."""
    match rule.type:
        case BallotType.KNAPSACK:
            return _(
                "Choose as many projects as you like, as long as together they cost no more than %(amount)s.",
                amount=money(rule.budget or 0, edition.currency),
            )
        case BallotType.POINTS:
            return _sharing(rule)
        case BallotType.RANKED:
            return _ranking(rule)
        case BallotType.JUDGEMENT if rule.mark_all:
            return _("Say of every project what you think of it.")
        case BallotType.JUDGEMENT:
            return _("Say of each project what you think of it. You can leave projects out.")
        case _:
            return _approving(rule)


def _sharing(rule: BallotRule) -> str:
    if rule.points is None:
        return _("Give points to the projects you like.")
    share = ngettext(
        "Share out %(num)d point among the projects you like.",
        "Share out %(num)d points among the projects you like.",
        rule.points,
    )
    if rule.max_points is None or rule.max_points >= rule.points:
        return share
    most = ngettext(
        "No project can get more than %(num)d.", "No project can get more than %(num)d.", rule.max_points
    )
    return f"{share} {most}"


def _ranking(rule: BallotRule) -> str:
    if rule.max_choices is None:
        return _("Put projects in the order you prefer, the best first.")
    return ngettext(
        "Name the %(num)d project you prefer.",
        "Put up to %(num)d projects in the order you prefer, the best first.",
        rule.max_choices,
    )


def _approving(rule: BallotRule) -> str:
    if rule.max_per_category is not None:
        return ngettext(
            "Choose up to %(num)d project in each category.",
            "Choose up to %(num)d projects in each category.",
            rule.max_per_category,
        )
    if rule.max_choices is None:
        return _("Choose as many projects as you like.")
    if 1 < rule.min_choices <= rule.max_choices:
        return _(
            "Choose %(least)s to %(most)s projects.",
            least=number(rule.min_choices),
            most=number(rule.max_choices),
        )
    return ngettext("Choose up to %(num)d project.", "Choose up to %(num)d projects.", rule.max_choices)


def tie_sentence(by: TieBreak) -> str:
    """Return what decided between projects with equal votes."""
    return {
        TieBreak.CHEAPER_FIRST: _("The cheaper one came first."),
        TieBreak.DEARER_FIRST: _("The dearer one came first."),
        TieBreak.DECLARED_ORDER: _("The one with the lower number on the ballot came first."),
        TieBreak.LOT: _("The lot decided, drawn from a seed that was committed to before the vote."),
    }[by]


def _order(method: Method, kind: BallotType, *, has_envelopes: bool) -> str:
    if kind in _WITH_POINTS and method in (Method.GREEDY_SKIP, Method.GREEDY_STOP):
        return _in_categories(_by_points(method), has_envelopes=has_envelopes)
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
        case Method.GREEDY_STOP, True:
            return _(
                "In each category the projects with the most votes are paid first, until one no longer fits."
            )
        case _:
            return _in_categories(_order_of_others(method), has_envelopes=has_envelopes)


def _by_points(method: Method) -> str:
    if method is Method.GREEDY_STOP:
        return _("The projects with the most points are paid first, until one no longer fits.")
    return _("The projects with the most points are paid first; one that no longer fits is passed over.")


def _by_points_then(method: Method) -> str:
    if method is Method.GREEDY_STOP:
        return _("Projects got their money by their points, until one no longer fitted.")
    return _("Projects got their money by their points; one that no longer fitted was passed over.")


def _order_of_others(method: Method) -> str:
    return {
        Method.VALUE: _(
            "The projects with the most votes for their cost are paid first, as far as they fit."
        ),
        Method.PHRAGMEN: _(
            "All voters earn money at the same pace; a project is bought as soon as its supporters have its cost."
        ),
        Method.OPTIMUM: _(
            "The projects that together have the most votes are paid, as far as the money goes."
        ),
        Method.MAJORITY_JUDGEMENT: _(
            "The projects with the best grades are paid first, by the grade that half of the voters give at least."
        ),
    }[method]


def _in_categories(sentence: str, *, has_envelopes: bool) -> str:
    own = _("Each category has money of its own.")
    return f"{own} {sentence}" if has_envelopes else sentence


def _order_then(method: Method, kind: BallotType, *, has_envelopes: bool) -> str:
    if kind in _WITH_POINTS and method in (Method.GREEDY_SKIP, Method.GREEDY_STOP):
        return _in_categories(_by_points_then(method), has_envelopes=has_envelopes)
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
        case Method.GREEDY_STOP, True:
            return _(
                "Every category has its own money; projects got theirs by their votes, "
                "until one no longer fitted."
            )
        case _:
            return _in_categories(_order_of_others_then(method), has_envelopes=has_envelopes)


def _order_of_others_then(method: Method) -> str:
    return {
        Method.VALUE: _(
            "Projects got their money by their votes for each unit of their cost, as far as they fitted."
        ),
        Method.PHRAGMEN: _(
            "All voters earned money at the same pace; a project was bought as soon as its supporters had its cost."
        ),
        Method.OPTIMUM: _(
            "The projects were funded that together had the most votes, as far as the money went."
        ),
        Method.MAJORITY_JUDGEMENT: _(
            "Projects got their money by the grade that half of the voters gave them at least, the best first."
        ),
    }[method]


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


def _ties(rule: Rule, kind: BallotType) -> str:
    needed = _("A project needed at least %(least)s votes.", least=number(rule.min_votes))
    among = (
        _among_equal_grades(rule.tie_break) if kind is BallotType.JUDGEMENT else _among_equals(rule.tie_break)
    )
    return among if rule.min_votes <= 1 else f"{needed} {among}"


def _among_equals(tie_break: TieBreak) -> str:
    return {
        TieBreak.CHEAPER_FIRST: _("Of projects with equal votes the cheaper one came first."),
        TieBreak.DEARER_FIRST: _("Of projects with equal votes the dearer one came first."),
        TieBreak.DECLARED_ORDER: _("Of projects with equal votes the one with the lower number came first."),
        TieBreak.LOT: _("Among projects with equal votes the lot decided."),
    }[tie_break]


def _among_equal_grades(tie_break: TieBreak) -> str:
    gauge = _(
        "Of projects with the same grade those came first which more voters put above it than below it, "
        "the more of them the higher; and those last which more voters put below it."
    )
    equal = _("Where all of this was equal:")
    return f"{gauge} {equal} {tie_sentence(tie_break)}"
