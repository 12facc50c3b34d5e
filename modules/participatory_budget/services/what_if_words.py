"""Rules that are compared, by their names."""

from app.sdk import _

from .what_if import OWN


def law_name(law: str) -> str:
    """Return the name of a rule, in a few words."""
    match law:
        case "skip":
            return _("Most votes first; what no longer fits is passed over")
        case "stop":
            return _("Most votes first, until one no longer fits")
        case "value":
            return _("Most votes for the money first")
        case "shares":
            return _("Method of Equal Shares")
        case "phragmen":
            return _("Phragmén's rule")
        case "optimum":
            return _("The choice with the most votes in all")
        case _ if law == OWN:
            return _("The rule of this vote")
        case _:
            return law
