"""Whether a city can have the address somebody typed, in words."""

from dataclasses import dataclass

from flask import current_app

from app.core.i18n import gettext as _
from tenants import lifecycle, names
from tenants.names import Problem


@dataclass(frozen=True, slots=True)
class Checked:
    """One address that was looked at: empty `error` means it is free."""

    slug: str
    error: str = ""
    suggestions: tuple[str, ...] = ()

    @property
    def host(self) -> str:
        """Return the whole host name."""
        return host_of(self.slug)


def check(typed: str, city_name: str, language: str) -> Checked:
    """Look at what was typed, or at what the city's name suggests when nothing was."""
    base = current_app.config["PARVIS"].base_domain
    slug = names.clean(typed, base) or names.suggest(city_name)
    if not slug:
        return Checked("", _("Enter a web address: this name has no letters that one can be made of."))
    error = _trouble(slug)
    if not error:
        return Checked(slug)
    wanted = (city_name, slug) if names.is_reserved(slug) else (slug, city_name)
    free = lifecycle.free_alternatives(*wanted, language=language)
    return Checked(slug, error, tuple(free))


def host_of(slug: str) -> str:
    """Return the host name that belongs to an address."""
    return f"{slug}.{current_app.config['PARVIS'].base_domain}"


def _trouble(slug: str) -> str:
    problem = names.problem(slug)
    if problem is Problem.TOO_SHORT:
        return _("A web address has at least %(number)s characters.", number=names.MIN_LENGTH)
    if problem is Problem.TOO_LONG:
        return _(
            "A web address has at most %(most)s characters; this one has %(number)s.",
            most=names.MAX_LENGTH,
            number=len(slug),
        )
    if problem is Problem.MALFORMED:
        return _("Use letters from a to z, digits and single hyphens, and begin with a letter.")
    if problem is Problem.RESERVED:
        return _("%(address)s is kept for the platform.", address=host_of(slug))
    if not lifecycle.is_free(slug):
        return _("%(address)s is already taken.", address=host_of(slug))
    return ""
