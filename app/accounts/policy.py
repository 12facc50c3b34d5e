"""How a city lets people in: by which ways, who needs a second factor, and for how long they stay signed in."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from app.accounts.models import Account
from app.core.clock import today
from app.core.settings import store, stored

NAME = "platform.sign_in"


class Audience(StrEnum):
    """For whom a service is."""

    EVERYBODY = "everybody"
    STAFF = "staff"
    RESIDENTS = "residents"


@dataclass(frozen=True, slots=True)
class Provider:
    """A service that tells who somebody is (OpenID Connect), as a city has set it up."""

    id: str
    title: str
    issuer: str
    client_id: str
    secret: str = ""
    """Sealed."""
    audience: Audience = Audience.EVERYBODY
    domains: tuple[str, ...] = ()
    """Where an address must end that may come this way; anywhere when there are none."""
    opens_accounts: bool = True
    trusted: bool = False
    """Whether the service asks for a second factor itself, so that ours is not asked for."""
    on: bool = True

    def is_for(self, account: Account) -> bool:
        """Tell whether a person may come this way."""
        wanted = Audience.STAFF if account.is_staff else Audience.RESIDENTS
        return self.audience in (Audience.EVERYBODY, wanted)

    def takes(self, email: str) -> bool:
        """Tell whether an address is one of those that the city wants from this service."""
        return not self.domains or email.rpartition("@")[2].lower() in self.domains


@dataclass(frozen=True, slots=True)
class Policy:
    """What a city has decided; the defaults hold until it does."""

    password: bool = True
    link: bool = True
    passkey: bool = True
    providers: tuple[Provider, ...] = ()
    staff_factor_from: date | None = None
    resident_days: int = 30
    resident_idle_days: int = 30
    staff_hours: int = 12
    staff_idle_minutes: int = 120

    @property
    def offered(self) -> tuple[Provider, ...]:
        """Return the services that are switched on."""
        return tuple(each for each in self.providers if each.on)

    def provider(self, ident: str) -> Provider | None:
        """Return a service by its id, or None."""
        return next((each for each in self.providers if each.id == ident), None)

    def asks_staff_for_factor(self) -> bool:
        """Tell whether staff need a second factor today."""
        return self.staff_factor_from is not None and self.staff_factor_from <= today()

    def lengths(self, *, of_staff: bool) -> tuple[timedelta, int]:
        """Return for how long a session lasts at most, and after how many minutes without a page it ends."""
        if of_staff:
            return timedelta(hours=self.staff_hours), self.staff_idle_minutes
        return timedelta(days=self.resident_days), self.resident_idle_days * 24 * 60


def policy() -> Policy:
    """Return what the city being served has decided."""
    return _read(stored(NAME))


def keep(decided: Policy) -> None:
    """Keep what a city decides."""
    day = decided.staff_factor_from
    store(NAME, {**asdict(decided), "staff_factor_from": day.isoformat() if day else None})


def _read(document: Mapping[str, Any]) -> Policy:
    known = {key: value for key, value in document.items() if key in Policy.__slots__}
    day = known.get("staff_factor_from")
    return Policy(
        **{
            **known,
            "providers": tuple(_provider(each) for each in known.get("providers", ())),
            "staff_factor_from": date.fromisoformat(day) if day else None,
        }
    )


def _provider(document: Mapping[str, Any]) -> Provider:
    known = {key: value for key, value in document.items() if key in Provider.__slots__}
    audience, domains = known.get("audience", Audience.EVERYBODY), known.get("domains", ())
    return Provider(**{**known, "audience": Audience(audience), "domains": tuple(domains)})
