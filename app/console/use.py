"""What the city uses of what it may use, in words, and what it did day by day."""

from dataclasses import dataclass

from app.console.blueprint import bp
from app.core.context import current_city
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.quotas import FULL, Resource, Use
from app.web.filters import number
from app.web.gates import requires
from app.web.page import render
from tenants import quotas, usage

MEGABYTES_IN_A_GIGABYTE = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """One resource as people read it."""

    use: Use
    title: str
    sentence: str
    """How much of it is used."""
    effect: str
    """What happens when nothing is left."""

    @property
    def is_full(self) -> bool:
        """Tell whether nothing is left."""
        return self.use.level == FULL


@bp.get("/settings/use")
@requires("console.manage")
def city_use() -> str:
    """Show what the city uses."""
    city = current_city()
    return render(
        "console/use.html",
        lines=[line(use) for use in quotas.uses(city)],
        days=usage.of_city(city.id),
        looked_at=quotas.looked_at(city.id),
    )


def short_of() -> list[Line]:
    """Return what the city has little or nothing left of; requests come and go, and are left out."""
    return [line(use) for use in worth_telling(quotas.uses(current_city())) if use.level]


def worth_telling(uses: list[Use]) -> list[Use]:
    """Return those of the uses that somebody can do something about."""
    return [use for use in uses if use.resource is not Resource.REQUESTS]


def line(use: Use) -> Line:
    """Return a resource in the reader's words."""
    title, sentence, effect = {
        Resource.STORAGE: _storage,
        Resource.MAILS: _mails,
        Resource.ACCOUNTS: _accounts,
        Resource.REQUESTS: _requests,
    }[use.resource](use)
    return Line(use, title, sentence, effect)


def _storage(use: Use) -> tuple[str, str, str]:
    return (
        _("Room for data and pictures"),
        _("%(used)s of %(most)s are used.", used=_size(use.used), most=_size(use.most)),
        _("When nothing is left, no pictures can be added. All pages go on working."),
    )


def _mails(use: Use) -> tuple[str, str, str]:
    return (
        _("Mails today"),
        _("%(used)s of %(most)s mails were sent today.", used=number(use.used), most=number(use.most)),
        _(
            "When nothing is left, mails to very many people wait for the next day. "
            "Links that sign in and receipts are always sent."
        ),
    )


def _accounts(use: Use) -> tuple[str, str, str]:
    return (
        _("Accounts"),
        _("%(used)s of %(most)s accounts are there.", used=number(use.used), most=number(use.most)),
        _("When nothing is left, nobody can open a new account. You can still invite staff."),
    )


def _requests(use: Use) -> tuple[str, str, str]:
    return (
        _("Requests in this minute"),
        _("%(used)s of %(most)s requests were made.", used=number(use.used), most=number(use.most)),
        _("When nothing is left, visitors are asked to try again in the next minute."),
    )


def _size(megabytes: int) -> str:
    if megabytes < MEGABYTES_IN_A_GIGABYTE:
        return ngettext("%(num)d MB", "%(num)d MB", megabytes)
    return _("%(number)s GB", number=number(round(megabytes / MEGABYTES_IN_A_GIGABYTE, 1)))
