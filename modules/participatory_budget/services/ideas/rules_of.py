"""The rules of an edition for its ideas, and which of its phases are open now."""

from app.sdk import Conflict, NotFound, _, now

from ...models import Edition
from ...rules.ideas.rules import IdeaRules, Publication, may_show_supports, read_idea_rules
from ...rules.phases import Stage
from ...rules.schedule import Part, Span, read_schedule


class PhaseClosed(Conflict):
    """The phase in which this can be done is not open."""


def rules_of(edition: Edition) -> IdeaRules:
    """Return how an edition takes ideas."""
    return read_idea_rules(edition.idea_rules)


def span(edition: Edition, part: Part) -> Span | None:
    """Return when a phase of the edition is open; None when it has none."""
    return read_schedule(edition.schedule).get(part)


def has_ideas(edition: Edition) -> bool:
    """Tell whether residents bring or support ideas in this edition."""
    schedule = read_schedule(edition.schedule)
    return Part.IDEAS in schedule or Part.SUPPORT in schedule


def shows_ideas(edition: Edition) -> bool:
    """Tell whether residents see ideas of others at all."""
    return has_ideas(edition) and rules_of(edition).publication is not Publication.NONE


def must_have_ideas(edition: Edition) -> None:
    """Raise NotFound for an edition without ideas."""
    if not has_ideas(edition):
        raise NotFound(_("Nobody brings ideas in this edition."))


def is_on(edition: Edition, part: Part) -> bool:
    """Tell whether a phase is open now, for residents."""
    found = span(edition, part)
    return edition.stage is not Stage.DRAFT and found is not None and found.is_open(now())


def is_over(edition: Edition, part: Part) -> bool:
    """Tell whether a phase has ended."""
    found = span(edition, part)
    return found is not None and found.ends_at is not None and found.ends_at <= now()


def must_take_ideas(edition: Edition) -> None:
    """Raise PhaseClosed unless ideas can be handed in now."""
    if not is_on(edition, Part.IDEAS):
        raise PhaseClosed(_("No ideas are taken now. What you have written is kept."))


def must_take_supports(edition: Edition) -> None:
    """Raise PhaseClosed unless ideas can be supported now."""
    if not is_on(edition, Part.SUPPORT):
        raise PhaseClosed(_("Ideas cannot be supported now."))


def shows_supports(edition: Edition) -> bool:
    """Tell whether residents see how many support an idea."""
    if span(edition, Part.SUPPORT) is None:
        return False
    return may_show_supports(rules_of(edition), is_over=is_over(edition, Part.SUPPORT))
