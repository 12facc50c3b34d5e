"""Words for groups of voters, and for how they compare with the census."""

from app.sdk import _, attribute_kinds, number

from ...models import Attempted, Edition
from ...rules.statistics.ages import NAMES
from ...rules.statistics.census import Dimension
from ...rules.statistics.comparing import Group, Verdict
from ...rules.ways import Channel
from .breakdown import titles


def dimension_text(dimension: Dimension) -> str:
    """Return what voters are told apart by."""
    return {
        Dimension.DISTRICT: _("District"),
        Dimension.AGE: _("Age"),
        Dimension.SEX: _("Sex"),
        Dimension.CHANNEL: _("Way of voting"),
    }[dimension]


class GroupNames:
    """What people call the groups of one edition; asks the database once."""

    def __init__(self, edition: Edition) -> None:
        self._districts = titles(edition, Dimension.DISTRICT)
        kind = attribute_kinds().get("sex")
        self._sexes = dict(kind.options) if kind else {}

    def __call__(self, dimension: Dimension, value: str) -> str:
        """Return what a group is called."""
        if not value:
            return _("Not known")
        match dimension:
            case Dimension.CHANNEL:
                return channel_text(Channel(value))
            case Dimension.AGE:
                return value.replace("-", "–") if value in NAMES else value
            case Dimension.DISTRICT:
                return self._districts.get(value, value)
            case Dimension.SEX:
                return self._sexes.get(value, value)


def channel_text(channel: Channel) -> str:
    """Return how a ballot came in."""
    return {
        Channel.WEB: _("On the web, with an account"),
        Channel.CODE: _("On the web, with a code"),
        Channel.BOOTH: _("At a polling place"),
        Channel.PAPER: _("On paper"),
    }[channel]


def verdict_text(group: Group) -> str:
    """Return how a group compares, in a sentence."""
    ratio = group.ratio
    if group.verdict is Verdict.UNKNOWN or ratio is None:
        return _("Too few to say")
    if group.verdict is Verdict.SAME:
        return _("About as many as live here")
    times = number(round(float(ratio), 1))
    if group.verdict is Verdict.MORE:
        return _("More than live here: %(times)s times their share", times=times)
    return _("Fewer than live here: %(times)s times their share", times=times)


def attempt_text(what: Attempted) -> str:
    """Return why ballots were not taken."""
    return {
        Attempted.TWICE: _("A ballot of the same person lay in the box already"),
        Attempted.BROKE_RULE: _("The ballot broke the rule"),
        Attempted.NOT_ELIGIBLE: _("The person cannot vote here"),
        Attempted.NOT_OPEN: _("The vote was not open"),
    }[what]
