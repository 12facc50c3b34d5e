"""Why a project won or not, in a sentence for everyone, with the numbers."""

from app.sdk import _, money, ngettext, number

from ..models import Edition
from ..rules.ballots import BallotType
from ..rules.outcomes import Reason, ReasonCode

_POINTS = (BallotType.POINTS, BallotType.RANKED)


def reason_text(reason: Reason, edition: Edition) -> str:
    """Return why a project is funded or not."""
    return _funded(reason, edition) or _not_funded(reason, edition)


def _funded(reason: Reason, edition: Edition) -> str:
    match reason.code:
        case ReasonCode.FUNDED:
            return _("Funded; %(left)s was left after it.", left=_amount(reason.left, edition))
        case ReasonCode.BOUGHT:
            return _(
                "Funded: its supporters paid for it together, at most %(amount)s each.",
                amount=_amount(reason.by, edition),
            )
        case ReasonCode.FROM_THE_REST:
            return _("Funded by its votes, from money that no voters could spend together.")
        case ReasonCode.FROM_LEFTOVERS:
            return _(
                "Funded from what the categories left; %(left)s of that was left after it.",
                left=_amount(reason.left, edition),
            )
        case ReasonCode.WITHIN_TOLERANCE:
            return _(
                "Funded: %(left)s was left for it, and %(by)s is added.",
                left=_amount(reason.left, edition),
                by=_amount(reason.by, edition),
            )
        case ReasonCode.EARNED:
            return _(
                "Funded: its supporters had earned its cost when each voter had received %(amount)s.",
                amount=_amount(reason.by, edition),
            )
        case ReasonCode.IN_BEST_SET:
            return ngettext(
                "Funded: without it the best choice of projects would have %(num)d point less.",
                "Funded: without it the best choice of projects would have %(num)d points less.",
                reason.by or 0,
            )
        case _:
            return ""


def _not_funded(reason: Reason, edition: Edition) -> str:
    match reason.code:
        case ReasonCode.OVER_LEFT:
            return _(
                "Not funded: it costs %(by)s more than the %(left)s that was left when its turn came.",
                by=_amount(reason.by, edition),
                left=_amount(reason.left, edition),
            )
        case ReasonCode.AFTER_STOP:
            return _(
                "Not funded: the count ended before its turn, at a project that cost more than the %(left)s left.",
                left=_amount(reason.left, edition),
            )
        case ReasonCode.ABOVE_BUDGET:
            over = _amount(reason.by, edition)
            return _("Not funded: it costs %(by)s more than all the money there is.", by=over)
        case ReasonCode.BELOW_THRESHOLD:
            return _below_threshold(reason.by or 0, edition)
        case ReasonCode.NO_VOTES:
            return _("Not funded: nobody voted for it.")
        case ReasonCode.SHARES_SHORT:
            return _(
                "Not funded: its supporters had %(left)s left together, %(by)s too little.",
                left=_amount(reason.left, edition),
                by=_amount(reason.by, edition),
            )
        case ReasonCode.RIVAL_WON:
            return _(
                "Not funded: only one of the projects that exclude each other could win, and it was number %(other)s.",
                other=reason.other,
            )
        case ReasonCode.ENOUGH_WINNERS:
            return _(
                "Not funded: no more than %(limit)s could win, and others came before it.",
                limit=number(reason.by or 0),
            )
        case ReasonCode.NOT_IN_BEST_SET:
            return _not_in_best_set(reason.by or 0)
        case _:
            return _("Taken out of the count: %(reason)s", reason=reason.text)


def _below_threshold(missing: int, edition: Edition) -> str:
    if edition.ballot_type in _POINTS:
        return ngettext(
            "Not funded: %(num)d point fewer than needed.",
            "Not funded: %(num)d points fewer than needed.",
            missing,
        )
    return ngettext(
        "Not funded: %(num)d vote fewer than needed.", "Not funded: %(num)d votes fewer than needed.", missing
    )


def _not_in_best_set(fewer: int) -> str:
    if not fewer:
        return _("Not funded: another choice of projects with as many points came first.")
    return ngettext(
        "Not funded: with it the best choice of projects would have %(num)d point less.",
        "Not funded: with it the best choice of projects would have %(num)d points less.",
        fewer,
    )


def _amount(minor: int | None, edition: Edition) -> str:
    return money(minor or 0, edition.currency)
