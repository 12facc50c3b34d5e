"""What an edition says of its ideas: when they show, how long they are, how many anybody may support."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum


class Publication(StrEnum):
    """When residents see an idea that was handed in."""

    NONE = "none"
    """Staff alone see ideas."""
    AT_ONCE = "at-once"
    REVIEWED = "reviewed"
    """Once staff have looked at it."""
    DELAYED = "delayed"
    """After some hours in which staff can stop it."""


class ShowsSupports(StrEnum):
    """When residents see how many support an idea."""

    ALWAYS = "always"
    AFTERWARDS = "afterwards"
    """Once the phase is over, so that nobody follows the crowd."""
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class IdeaRules:
    """How an edition takes ideas and lets them be supported; None for no limit."""

    publication: Publication = Publication.REVIEWED
    delay_hours: int = 48
    most_ideas: int | None = None
    """How many ideas one person may hand in."""
    most_authors: int = 5
    most_files: int = 5
    shortest_text: int = 80
    longest_text: int = 4000
    asks_cost: bool = False
    takes_comments: bool = True
    most_supports: int | None = None
    """How many ideas one person may support."""
    threshold: int = 0
    """How many supports an idea needs to be looked into; 0 where each one is."""
    threshold_is_percent: bool = False
    """Whether the threshold is a share of all people who support some idea, in per cent."""
    shows_supports: ShowsSupports = ShowsSupports.ALWAYS
    supporters_as_voters: bool = False
    """Whether only those may support who may vote."""

    def __post_init__(self) -> None:
        """Refuse what cannot be meant; raises ValueError."""
        lowest = {
            "delay_hours": 1,
            "most_authors": 1,
            "shortest_text": 1,
            "most_ideas": 1,
            "most_supports": 1,
        }
        for each in fields(self):
            value = getattr(self, each.name)
            is_number = isinstance(value, int) and not isinstance(value, bool)
            if is_number and value < lowest.get(each.name, 0):
                raise ValueError(f"{each.name} is too small: {value}")
        if self.shortest_text > self.longest_text:
            raise ValueError("the shortest text is longer than the longest")
        if self.threshold_is_percent and self.threshold > 100:
            raise ValueError("a share is at most 100 per cent")


def read_idea_rules(document: Mapping[str, object]) -> IdeaRules:
    """Return the rules of a stored document, each missing one as usual; ValueError for what is none."""
    usual = IdeaRules()
    known = {each.name: getattr(usual, each.name) for each in fields(IdeaRules)}
    optional = {"most_ideas", "most_supports"}
    read: dict[str, object] = {}
    for name, value in document.items():
        if name not in known:
            raise ValueError(f"no rule for ideas: {name}")
        kind = type(known[name]) if name not in optional else int
        if name in optional and value is None:
            read[name] = None
        elif issubclass(kind, StrEnum):
            read[name] = kind(str(value))
        elif type(value) is kind:
            read[name] = value
        else:
            raise ValueError(f"{name} cannot be {value!r}")
    return IdeaRules(**read)  # type: ignore[arg-type]  # each was compared with the type of its field


def write_idea_rules(rules: IdeaRules) -> dict[str, object]:
    """Return rules as they are stored."""
    return {each.name: getattr(rules, each.name) for each in fields(IdeaRules)}


def is_reached(rules: IdeaRules, supports: int, supporters: int) -> bool:
    """Tell whether an idea has the support it needs; `supporters` is how many people support any idea."""
    if rules.threshold_is_percent:
        return supports * 100 >= rules.threshold * supporters and (supports > 0 or rules.threshold == 0)
    return supports >= rules.threshold


def needed(rules: IdeaRules, supporters: int) -> int:
    """Return how many supports are needed as things stand."""
    if not rules.threshold_is_percent:
        return rules.threshold
    return max(-(-rules.threshold * supporters // 100), min(rules.threshold, 1))


def may_show_supports(rules: IdeaRules, *, is_over: bool) -> bool:
    """Tell whether residents see numbers now."""
    if rules.shows_supports is ShowsSupports.AFTERWARDS:
        return is_over
    return rules.shows_supports is ShowsSupports.ALWAYS
