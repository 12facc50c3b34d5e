"""Parts, areas and states of acting for others, in the reader's language."""

from collections.abc import Iterable

from app.accounts.households.models import ActingRight
from app.accounts.households.rules import Area, Part, Standing, standing
from app.core.clock import now, today
from app.core.i18n import gettext as _


def part_name(part: Part) -> str:
    """Return what somebody is to the person she acts for."""
    return {Part.GUARDIAN: _("Guardian"), Part.HELPER: _("Helper")}[part]


def area_name(area: Area) -> str:
    """Return what can be done for somebody else."""
    return {
        Area.REQUEST: _("Fill in forms and send requests"),
        Area.ENROL: _("Enrol for courses and programmes"),
        Area.BOOK: _("Book rooms and appointments"),
        Area.REPORT: _("Report damage and ideas"),
    }[area]


def area_names(areas: Iterable[Area]) -> list[str]:
    """Return areas in their order."""
    chosen = set(areas)
    return [area_name(area) for area in Area if area in chosen]


def standing_name(one: ActingRight) -> str:
    """Return how a right stands now."""
    return {
        Standing.INVITED: _("Invited"),
        Standing.WAITS_FOR_PAPER: _("Waits for the signed paper"),
        Standing.OPEN: _("In use"),
        Standing.WITHDRAWN: _("Withdrawn"),
        Standing.ENDED: _("Ended"),
        Standing.GROWN_UP: _("Ended with the 18th birthday"),
    }[standing(one.right, at=now(), today=today())]
