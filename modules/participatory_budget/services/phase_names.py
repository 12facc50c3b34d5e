"""The phases beside the vote in words."""

from collections.abc import Mapping

from app.sdk import _

from ..rules.schedule import Part


def part_name(part: Part) -> str:
    """Return the name of a phase."""
    return _names()[part][0]


def part_words(part: Part) -> str:
    """Return what happens in a phase, in a sentence for everyone."""
    return _names()[part][1]


def part_effect(part: Part) -> str:
    """Return what opening a phase changes, for staff who are about to do it."""
    return _names()[part][2]


def _names() -> Mapping[Part, tuple[str, str, str]]:
    return {
        Part.IDEAS: (
            _("Ideas"),
            _("Residents hand in ideas."),
            _("Residents can hand in ideas at once."),
        ),
        Part.CO_CONSTRUCTION: (
            _("Working out ideas together"),
            _("Authors and residents bring similar ideas together."),
            _("Authors can bring their ideas together at once."),
        ),
        Part.SUPPORT: (
            _("Support"),
            _("Residents support the ideas that are to be looked into."),
            _("Residents can support ideas at once."),
        ),
        Part.FEASIBILITY: (
            _("Feasibility"),
            _("Departments look into what is possible, and at what cost."),
            _("Departments can write their opinions at once."),
        ),
        Part.DRAFTING: (
            _("Drafting of the ballot"),
            _("Ideas become projects on the ballot."),
            _("Ideas can become projects on the ballot at once."),
        ),
        Part.REALISATION: (
            _("Realisation"),
            _("Funded projects are carried out."),
            _("Residents see at once how far each funded project is."),
        ),
    }
