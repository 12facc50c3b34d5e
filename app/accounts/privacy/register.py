"""The register of processing (GDPR art. 30): what the city holds about people, from what its parts declare."""

from dataclasses import asdict, dataclass

from app.accounts.privacy.present import in_use, present
from app.core.context import current_city
from app.core.i18n import gettext as _
from app.core.people import Basis, Holding
from app.registry import modules


@dataclass(frozen=True, slots=True)
class Processing:
    """One line of the register."""

    name: str
    part: str
    data: str
    people: str
    purpose: str
    basis: str
    kept: str
    recipients: str
    transfers: str
    on: bool


def register() -> list[Processing]:
    """Return the register of the city being served; what modules hold that are off is in it as well."""
    on = {one.name for one in in_use()}
    return [_line(one, on=one.name in on) for one in present()]


def as_document() -> dict[str, object]:
    """Return the register with who is responsible, as a file has it."""
    city = current_city()
    return {
        "controller": {"name": city.name, "contact": city.contact_email, "site": city.host},
        "processing": [asdict(line) for line in register()],
    }


def basis_label(basis: Basis) -> str:
    """Return why the law allows it, in words."""
    return {
        Basis.CONSENT: _("Consent (GDPR art. 6(1)(a))"),
        Basis.CONTRACT: _("Contract (GDPR art. 6(1)(b))"),
        Basis.LEGAL_OBLIGATION: _("Legal obligation (GDPR art. 6(1)(c))"),
        Basis.PUBLIC_TASK: _("Public task (GDPR art. 6(1)(e))"),
    }[basis]


def _line(one: Holding, *, on: bool) -> Processing:
    module = modules().get(one.owner)
    return Processing(
        name=one.name,
        part=_(module.title) if module is not None else _("Platform"),
        data=str(one.title),
        people=_("Residents and staff of the city"),
        purpose=str(one.purpose),
        basis=basis_label(one.basis),
        kept=str(one.kept),
        recipients=str(one.recipients) or _("The city's staff, and whoever runs the platform for the city"),
        transfers=_("None outside the platform"),
        on=on,
    )
